# Writes ets.csv: exponential smoothing models fitted by R, one a row, for the series of
# series.csv. Parameters and initial states come with what they give: the log likelihood,
# AICc, the estimate of the variance, and means and variances of the next h periods, 3 for
# the choice of ets() ("auto"), 30 for each of the fifteen forms on AirPassengers and UKgas.
#
# forecast 8.20 leaves φ out of the first step of damped forms with a multiplicative season:
# its class3() takes l + b for the mean of the next period and not l + φb. The means and
# variances of these forms come from the same recursion with φ in it. Its class1() lets γ work
# one period early in forms with a season and no trend; their variances come from the weights
# α, and α + γ every season. Forms that R lets pass through means below zero are left out.
# Run: Rscript ets.R   (R 4.2.2, forecast 8.20)
suppressMessages(library(forecast))
class3 <- function(h, state, sigma2, par, m) {
  phi <- par[["phi"]]; alpha <- par[["alpha"]]; beta <- par[["beta"]]; p <- length(state)
  H1 <- matrix(c(1, phi), 1); H2 <- matrix(c(rep(0, m - 1), 1), 1)
  F1 <- rbind(c(1, phi), c(0, phi)); G1 <- rbind(alpha * c(1, phi), beta * c(1, phi))
  F2 <- rbind(c(rep(0, m - 1), 1), cbind(diag(m - 1), 0)); G2 <- matrix(0, m, m); G2[1, m] <- par[["gamma"]]
  M <- matrix(state[1:2]) %*% matrix(state[3:p], 1); V <- matrix(0, 2 * m, 2 * m)
  H <- H2 %x% H1; F <- F2 %x% F1; G <- G2 %x% G1; K <- G2 %x% F1 + F2 %x% G1
  mu <- var <- numeric(h)
  for (i in 1:h) {
    mu[i] <- H1 %*% M %*% t(H2)
    var[i] <- (1 + sigma2) * H %*% V %*% t(H) + sigma2 * mu[i]^2
    v <- c(M)
    V <- F %*% V %*% t(F) + sigma2 * (F %*% V %*% t(G) + G %*% V %*% t(F) + K %*% (V + v %*% t(v)) %*% t(K) +
      sigma2 * G %*% (3 * V + 2 * v %*% t(v)) %*% t(G))
    M <- F1 %*% M %*% t(F2) + G1 %*% M %*% t(G2) * sigma2
  }
  list(mu = mu, var = var)
}
class12 <- function(mu, sigma2, par, m, relative) {
  h <- length(mu); weight <- par[["alpha"]] + par[["gamma"]] * (seq_len(h) %% m == 0)
  theta <- if (relative) mu^2 else rep(1, h)
  spread <- numeric(h)
  for (i in seq_len(h)[-1]) {
    spread[i] <- sigma2 * sum(weight[(i - 1):1]^2 * theta[1:(i - 1)])
    if (relative) theta[i] <- theta[i] + spread[i]
  }
  spread + sigma2 * theta
}
number <- function(x) paste(formatC(as.numeric(x), digits = 15, width = 1, format = "g"), collapse = " ")
row <- function(name, use, fit, h) {
  par <- function(n, absent) if (n %in% names(fit$par)) number(fit$par[[n]]) else absent
  f <- forecast(fit, h = h, level = 95)
  mu <- f$mean; var <- ((f$upper[, 1] - f$mean) / qnorm(.975))^2
  damped <- fit$components[4] == "TRUE"
  if (damped && fit$components[3] == "M") {
    c3 <- class3(h, fit$states[nrow(fit$states), ], fit$sigma2, as.list(fit$par), fit$m); mu <- c3$mu; var <- c3$var
  }
  if (fit$components[2] == "N" && fit$components[3] == "A")
    var <- class12(as.numeric(mu), fit$sigma2, as.list(fit$par), fit$m, fit$components[1] == "M")
  form <- paste0(fit$components[1], fit$components[2], if (damped) "d", fit$components[3])
  paste(name, use, fit$m, form, par("alpha", "0"), par("beta", "0"), par("gamma", "0"), par("phi", "1"),
        number(fit$states[1, ]), number(fit$loglik), number(fit$aicc), number(fit$sigma2), number(mu), number(var), sep = ",")
}
lines <- "series,use,frequency,form,alpha,beta,gamma,phi,states,loglik,aicc,sigma2,mean,variance"
for (n in c("AirPassengers", "USAccDeaths", "WWWusage", "lynx", "LakeHuron", "Nile", "nottem", "UKgas",
            "JohnsonJohnson", "UKDriverDeaths", "ldeaths", "uspop", "BJsales", "wineind", "woolyrnq"))
  lines <- c(lines, row(n, "auto", ets(get(n)), 3))
for (n in c("AirPassengers", "UKgas"))
  for (e in c("A", "M")) for (s in c("N", "A", "M")) for (t in c("N", "A", "Ad")) {
    if (e == "A" && s == "M") next
    fit <- ets(get(n), paste0(e, substr(t, 1, 1), s), damped = t == "Ad")
    if (min(fitted(fit)) > 0) lines <- c(lines, row(n, "form", fit, 30))
  }
writeLines(lines, "ets.csv")
