# Writes series.csv: the reference series of package forecast, one a row, values blank-separated,
# NaN where a value is missing. They are the classic series of R's package datasets and, for
# gold, wineind and woolyrnq, of package forecast.
# Run: Rscript series.R   (R 4.2.2, forecast 8.20)
suppressMessages(library(forecast))
names <- c("AirPassengers", "USAccDeaths", "lh", "LakeHuron", "presidents", "WWWusage", "Nile", "lynx", "nottem",
           "UKgas", "co2", "JohnsonJohnson", "UKDriverDeaths", "ldeaths", "uspop", "nhtemp", "BJsales",
           "gold", "wineind", "woolyrnq")
lines <- sapply(names, function(n) {
  y <- get(n);
  v <- formatC(as.numeric(y), digits = 15, width = 1, format = "fg"); v <- ifelse(is.na(y), "NaN", sub("\\.$", "", v))
  paste(n, max(1, round(frequency(y))), paste(v, collapse = " "), sep = ",")
})
writeLines(c("series,frequency,values", lines), "series.csv")
