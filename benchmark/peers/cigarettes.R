# CigarettesSW of the package AER, the states in 1995, in prices of the consumer price index.
suppressMessages(library(AER))
data("CigarettesSW", package = "AER")
d <- subset(CigarettesSW, year == "1995")
options(digits = 17)
write.csv(with(d, data.frame(packs = packs, price = price / cpi, income = income / population / cpi,
                             sales_tax = (taxs - tax) / cpi, tax = tax / cpi)), row.names = FALSE)
