# Reference values of numeric/drift that SciPy does not give: exact P of the two-sample
# Kolmogorov-Smirnov test with ties, and run lengths of a one-sided CUSUM of normal values.
# Made with R 4.2.2 and spc 0.6.7:
#
#     Rscript drift.R > drift_r.csv
library(spc)
pairs <- read.csv("pairs.csv")
cat("what,i,value\n")
for (i in 0:19) {
  here <- pairs[pairs$pair == i, ]
  test <- ks.test(here$value[here$sample == "reference"], here$value[here$sample == "live"], exact = TRUE)
  cat(sprintf("ks-p,%d,%.15g\n", i, test$p.value))
}
for (k in c(0.25, 0.5, 1)) for (h in c(1, 3, 4, 5, 8)) for (mean in c(0, 0.5, 1)) {
  cat(sprintf("arl-%g-%g-%g,0,%.15g\n", k, h, mean, xcusum.arl(k, h, mean, r = 100)))
}
for (length in c(50, 100, 370, 1000)) cat(sprintf("limit-0.5-%g,0,%.15g\n", length, xcusum.crit(0.5, length, r = 100)))
