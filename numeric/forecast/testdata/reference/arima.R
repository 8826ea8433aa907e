# Writes arima.csv: ARIMA models of the series in series.csv by R's arima() and auto.arima().
# kind is ml, css or auto; lists are blank-separated; mean and se are of 12 forecasts, with the
# variance of forecast::Arima (degrees of freedom taken off); x is 1 with a linear trend and
# fourier3 with three pairs of Fourier terms as regressors.
# Run: Rscript arima.R   (R 4.2.2, forecast 8.20)
suppressMessages(library(forecast))
# Maximised to the end (by default arima() stops early) and with a nearly flat prior of the values before the
# first (the default kappa of 1e6 changes the likelihood by up to 0.003, more so where the unit is small).
control <- list(reltol = 1e-15, maxit = 2000)
num <- function(v) paste(sub("NA$", "NaN", formatC(as.numeric(v), digits = 12, format = "g")), collapse = " ")
line <- function(kind, name, log, fit, x = NULL, future = NULL) {
  a <- fit$arma # p q P Q m d D
  k <- length(coef(fit)) + 1
  aicc <- fit$aic + 2 * k * (k + 1) / (fit$nobs - k - 1)
  f <- if (is.null(x)) forecast(fit, h = 12) else forecast(fit, xreg = future, h = 12)
  se <- (f$upper[, 2] - f$mean) / qnorm(.975)
  s <- tryCatch(suppressWarnings(sqrt(diag(fit$var.coef))), error = function(e) rep(NA, k - 1))
  s[is.na(s)] <- NaN
  constant <- any(names(coef(fit)) %in% c("intercept", "drift"))
  paste(kind, name, as.integer(log), if (is.null(x)) 0 else x, a[1], a[6], a[2], a[3], a[7], a[4], a[5], as.integer(constant),
        num(coef(fit)), num(s), num(fit$loglik), num(aicc), num(f$mean), num(se), sep = ",")
}
out <- "kind,series,log,x,p,d,q,P,D,Q,m,constant,coefficients,se,loglik,aicc,mean,sd"
model <- function(name, order, seasonal = c(0, 0, 0), log = FALSE, method = "ML", x = NULL, constant = FALSE) {
  y <- get(name); if (log) y <- base::log(y)
  arguments <- list(y, order = order, seasonal = seasonal, method = method, optim.control = control, kappa = 1e9,
                    include.constant = constant || (sum(order[2], seasonal[2]) == 0))
  future <- NULL
  if (identical(x, 1)) { arguments$xreg <- cbind(trend = seq_along(y)); future <- cbind(trend = length(y) + 1:12) }
  if (identical(x, "fourier3")) { arguments$xreg <- fourier(y, K = 3); future <- fourier(y, K = 3, h = 12) }
  fit <- do.call(Arima, arguments)
  out <<- c(out, line(if (method == "CSS") "css" else "ml", name, log, fit, x, future))
}
model("AirPassengers", c(2, 1, 1), c(0, 1, 0))
model("AirPassengers", c(5, 1, 0))
model("AirPassengers", c(0, 1, 1), c(0, 1, 1), log = TRUE)
model("AirPassengers", c(0, 1, 1), c(0, 1, 1), log = TRUE, method = "CSS")
model("AirPassengers", c(1, 1, 1), c(1, 0, 1), log = TRUE, constant = TRUE)
model("USAccDeaths", c(0, 1, 1), c(0, 1, 1))
model("USAccDeaths", c(1, 0, 0), c(2, 1, 0), constant = TRUE)
model("lh", c(1, 0, 0))
model("lh", c(3, 0, 0))
model("lh", c(3, 0, 0), method = "CSS")
model("LakeHuron", c(2, 0, 0), x = 1)
model("LakeHuron", c(1, 1, 1), constant = TRUE)
model("presidents", c(3, 0, 0))
model("presidents", c(1, 1, 0))
model("presidents", c(0, 1, 1), c(0, 0, 1))
model("presidents", c(1, 0, 0), c(0, 1, 1))
model("WWWusage", c(1, 1, 1))
model("WWWusage", c(5, 1, 0))
model("WWWusage", c(2, 2, 1))
model("Nile", c(1, 0, 1))
model("Nile", c(0, 1, 2))
model("UKgas", c(0, 1, 1), c(0, 1, 1), log = TRUE)
model("nottem", c(1, 0, 2), c(1, 1, 2), constant = TRUE)
model("woolyrnq", c(1, 0, 0), c(0, 1, 1))
model("gold", c(0, 1, 1))
model("nottem", c(1, 0, 1), x = "fourier3")
model("AirPassengers", c(2, 1, 1), x = "fourier3", log = TRUE)
for (name in c("AirPassengers", "USAccDeaths", "WWWusage", "lynx", "LakeHuron", "Nile", "nottem", "UKgas", "co2", "JohnsonJohnson",
               "UKDriverDeaths", "ldeaths", "wineind", "woolyrnq", "uspop", "nhtemp", "BJsales")) {
  fit <- auto.arima(get(name))
  out <- c(out, line("auto", name, FALSE, fit))
  message(name, " ", fit$aicc)
}
writeLines(out, "arima.csv")
