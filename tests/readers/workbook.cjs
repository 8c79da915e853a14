// A workbook as SheetJS and exceljs read it: one JSON object a line, with each sheet's rows.
//     npm install --prefix tests/readers && node tests/readers/workbook.cjs output/latest/wenshu.xlsx

const { readFile } = require("node:fs/promises");

async function sheetjs(path) {
  const xlsx = require("xlsx");
  const book = xlsx.read(await readFile(path), { dense: true });
  return Object.fromEntries(
    book.SheetNames.map((name) => [name, xlsx.utils.sheet_to_json(book.Sheets[name], { header: 1, raw: true, defval: null })]),
  );
}

async function exceljs(path) {
  const { Workbook } = require("exceljs");
  const book = await new Workbook().xlsx.readFile(path);
  const plain = (cell) => (cell && typeof cell === "object" && "text" in cell ? cell.text : cell ?? null);
  return Object.fromEntries(
    book.worksheets.map((sheet) => {
      const rows = [];
      sheet.eachRow({ includeEmpty: true }, (row) => rows.push(Array.from(row.values.slice(1), plain)));
      return [sheet.name, rows];
    }),
  );
}

(async () => {
  for (const read of [sheetjs, exceljs]) {
    console.log(JSON.stringify({ reader: read.name, sheets: await read(process.argv[2]) }));
  }
})();
