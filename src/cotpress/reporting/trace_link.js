// Deep links: #trace=ID&criterion=NAME&granularity=step&symbols=0&keep=0.50 opens a trace at a setting.
function readTraceLink() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("trace")) return null;
  const keep = Number.parseFloat(given.get("keep") ?? "");
  return {
    trace: given.get("trace"),
    condition: given.get("condition"),
    criterion: given.get("criterion"),
    granularity: given.get("granularity"),
    symbols: given.has("symbols") ? given.get("symbols") === "1" : null,
    keep: Number.isFinite(keep) ? Math.max(1, Math.min(100, Math.round(100 * keep))) : null,
  };
}

function formatTraceLink(trace, method, keep) {
  const parts = { trace: trace.id, condition: trace.condition };
  if (method) {
    Object.assign(parts, { criterion: method.criterion, granularity: method.granularity });
    parts.symbols = method.symbols ? "1" : "0";
  }
  return `#${new URLSearchParams({ ...parts, keep: (keep / 100).toFixed(2) })}`;
}
