#!/bin/sh
# SmolLM2-135M-Instruct trained on 200 GSM8K traces, whole and at two keep ratios, and asked 30 problems each of GSM8K
# and StrategyQA: the whole chain on a real model, on a CPU. Accuracy is low; the chain and the lengths are the point.
#
#     sh benchmarks/real_student.sh DATA SMOLLM2.gguf OUTPUT
#
# DATA holds traces/ and benchmarks/. Run again it continues; finished steps are skipped.
set -eu
data=$1 student=$2 out=$3
cotpress=${COTPRESS:-.venv/bin/cotpress}
mkdir -p "$out"
head -n 200 "$data/traces/gsm8k_train_2000.jsonl" > "$out/gsm8k-200.jsonl"
baseline=
for keep in 1 0.7 0.5; do
    [ -f "$out/traces-$keep/summary.json" ] ||
        "$cotpress" compress "$out/gsm8k-200.jsonl" -o "$out/traces-$keep" --criterion nll --granularity token \
            --source lm --model "$student" --keep "$keep" --store "$out/store"
    [ -f "$out/student-$keep/training.json" ] ||
        "$cotpress" train "$out/traces-$keep" --student "$student" -o "$out/student-$keep" \
            --epochs 1 --batch-size 8 --accumulation 1 --learning-rate 5e-4
    [ -f "$out/answers-$keep/summary.json" ] ||
        "$cotpress" evaluate "$out/student-$keep" -o "$out/answers-$keep" --limit 30 --max-new-tokens 512 --batch-size 30 \
            --benchmark "gsm8k=$data/benchmarks/gsm8k_test.jsonl" \
            --benchmark "strategyqa=$data/benchmarks/strategyqa_test.json" $baseline
    baseline="--baseline $out/answers-1"
done
