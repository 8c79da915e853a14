# A release's tables as frictionless-r reads them: how many rows of each fit the descriptor.
#     Rscript -e 'install.packages("frictionless")'
#     Rscript tests/readers/frictionless.R output/latest/datapackage.json

library(frictionless)

package <- read_package(commandArgs(TRUE)[1])
for (name in resources(package)) {
  rows <- read_resource(package, name)
  stopifnot(nrow(readr::problems(rows)) == 0)
  cat(name, nrow(rows), "\n")
}
