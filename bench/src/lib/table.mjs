/** A Markdown table that also reads well in a terminal. `rows` are arrays of strings; the first is the header. */
export function markdownTable(rows) {
  const cells = rows.map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const widths = cells[0].map((_, column) => Math.max(3, ...cells.map((row) => [...row[column]].length)));
  const line = (row) => `| ${row.map((cell, c) => cell + ' '.repeat(widths[c] - [...cell].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
}
