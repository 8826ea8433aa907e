# Reference values of the decompositions: R stats::stl, stats::decompose, forecast::mstl.
# Decompositions are written at every 7th value.
# Run: Rscript stl.R > stl.csv   (R 4.2.2, forecast 8.20)
suppressMessages(library(forecast))
out <- function(case, part, x) cat(sprintf("%s,%s,%s\n", case, part, paste(sprintf("%.12g", x), collapse = " ")))
parts <- function(case, d) for (p in colnames(d)) if (p != "Data") out(case, p, d[seq(1, nrow(d), 7), p])
stlparts <- function(case, fit) {
  parts(case, fit$time.series)
  if (fit$outer > 0) out(case, "weights", fit$weights[seq(1, length(fit$weights), 7)])
}
cat("case,part,values\n")
t <- 1:520 # hours with a daily and a weekly season, and noise from an irrational rotation
twice <- round(1000 + t / 3 + 200 * sin(2 * pi * t / 24) + 90 * cos(2 * pi * t / 12 + t / 300) +
  150 * cos(2 * pi * t / 168) + 80 * ((t * sqrt(2)) %% 1) - 40 * ((t^2 * sqrt(3)) %% 1), 1)
cat("hours,series,", paste(twice, collapse = " "), "\n", sep = "")
stlparts("nottem periodic", stl(nottem, "periodic"))
stlparts("nottem 7 degree 1", stl(nottem, 7, s.degree = 1))
# With an even number of values the partial sort in R's stl.f is asked for both middle values in
# falling order and does not always find the second, so the robust references have an odd number.
odd <- ts(AirPassengers[1:143], frequency = 12)
stlparts("AirPassengers robust 13", stl(odd, 13, robust = TRUE))
stlparts("AirPassengers periodic robust", stl(odd, "periodic", robust = TRUE))
stlparts("UKgas 9 trend 7", stl(UKgas, 9, t.window = 7))
parts("AirPassengers mstl", mstl(AirPassengers))
short <- ts(AirPassengers[1:29], frequency = 12)
stlparts("AirPassengers 29 mstl", stl(short, 11))
gap <- UKgas; gap[c(10, 11, 50, 77)] <- NA
out("UKgas gaps na.interp", "filled", na.interp(gap)[c(10, 11, 50, 77)])
parts("hours mstl", mstl(msts(twice, c(24, 168))))
out("AirPassengers stlf naive", "mean", stlf(AirPassengers, h = 24, method = "naive")$mean)
strength <- forecast:::seas.heuristic
for (n in c("AirPassengers", "nottem", "UKgas", "JohnsonJohnson", "USAccDeaths", "ldeaths", "co2"))
  out(n, "strength", strength(get(n)))
for (t in c("additive", "multiplicative")) {
  out(paste("AirPassengers", t), "figure", decompose(AirPassengers, t)$figure)
  out(paste("UKgas", t), "figure", decompose(UKgas, t)$figure)
}
out("hours 7 additive", "figure", decompose(ts(twice, frequency = 7))$figure)
