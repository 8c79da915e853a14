// A release's tables as datapackage-js reads them: how many rows of each fit the descriptor, one JSON object.
//     npm install --prefix tests/readers && node tests/readers/datapackage.cjs output/latest/datapackage.json
// It does not know the byte order mark with which the CSV files begin, so it is given them from behind it.

const { createReadStream } = require("node:fs");
const { dirname, join } = require("node:path");
const { Package } = require("datapackage");
const { Table } = require("tableschema");

(async () => {
  const [path] = process.argv.slice(2);
  const release = await Package.load(path);
  if (!release.valid) throw release.errors;
  const rows = {};
  for (const { descriptor } of release.resources) {
    const csv = () => createReadStream(join(dirname(path), descriptor.path), { start: 3 });
    const table = await Table.load(csv, { schema: descriptor.schema, delimiter: "," });
    rows[descriptor.name] = 0;
    for await (const _ of await table.iter({ stream: true })) rows[descriptor.name] += 1;
  }
  console.log(JSON.stringify({ reader: "datapackage-js", rows }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
