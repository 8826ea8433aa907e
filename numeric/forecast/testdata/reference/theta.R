# Reference values of the theta method: thetaf of the R package forecast 8.20.
# Run: Rscript theta.R > theta.csv   (R 4.2.2)
suppressMessages(library(forecast))
out <- function(series, part, x) cat(sprintf("%s,%s,%s\n", series, part, paste(sprintf("%.12g", x), collapse = " ")))
cat("series,part,values\n")
for (n in c("AirPassengers", "USAccDeaths", "WWWusage", "Nile", "lynx", "UKgas", "JohnsonJohnson", "uspop", "LakeHuron", "wineind")) {
  fit <- thetaf(get(n), h = 24)
  out(n, "mean", fit$mean)
  out(n, "alpha", fit$model$alpha)
  out(n, "drift", fit$model$drift)
  out(n, "sigma", sqrt(fit$model$sigma))
}
for (drift in c(FALSE, TRUE)) {
  fit <- rwf(Nile, h = 12, drift = drift, level = 95)
  name <- if (drift) "drift" else "naive"
  out("Nile", paste(name, "means"), fit$mean)
  out("Nile", paste(name, "upper"), fit$upper)
}
seasonal <- function(x, m) { # the test inside thetaf
  r <- as.numeric(acf(x, lag.max = m, plot = FALSE)$acf)[-1]
  abs(r[m]) / sqrt((1 + 2 * sum(r[-m]^2)) / length(x)) > qnorm(0.95)
}
periods <- c(AirPassengers = 12, USAccDeaths = 12, UKgas = 4, lynx = 10, Nile = 7, WWWusage = 12, JohnsonJohnson = 4, LakeHuron = 5)
for (n in names(periods)) out(n, "seasonal", as.numeric(seasonal(as.numeric(get(n)), periods[n])))
