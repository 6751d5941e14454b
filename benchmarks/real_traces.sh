#!/bin/sh
# Long and short traces of real models and people, scored by SmolLM2-135M-Instruct, shortened in every way and compared.
#
#     sh benchmarks/real_traces.sh DATA SMOLLM2.gguf OUTPUT
#     python benchmarks/real_tables.py OUTPUT/study
#
# DATA holds traces/. No published saliency classifier can be had offline, so a small one is trained first, from random
# weights, on what the rules keep at level preserve of traces that the study does not use. Run again it continues.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=$(cd "$1" && pwd)/traces student=$(realpath "$2")
mkdir -p "$3" && cd "$3"
PATH=$here/.venv/bin:$PATH
for file in limo_r1_distill_qwen_32b.jsonl gsm8k_train_2000.jsonl strategyqa_human.json; do ln -sf "$data/$file" .; done
ln -sf "$student" smollm2.gguf
[ -d shape ] || python "$here/benchmarks/real_encoder.py" shape
for name in limo gsm8k strategyqa; do
    [ -f "preserve-$name/summary.json" ] || cotpress rewrite "shape/$name.jsonl" -o "preserve-$name" --level preserve
done
[ -f saliency/training.json ] ||
    cotpress train-saliency preserve-limo preserve-gsm8k preserve-strategyqa --encoder shape -o saliency \
        --from-scratch --learning-rate 1e-3 --epochs 3
cotpress sweep "$here/docs/results/real-traces.yaml" -o study
cotpress report study
