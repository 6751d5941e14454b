// Numbers in sentences: "1 row", "1,200 rows".
function counted(number, one) {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}
