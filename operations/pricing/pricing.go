// Package pricing learns how demand answers to price and sets prices that obey cost, law
// and the team's limits.
//
// It has two halves. The ladder (NewPanel and what follows) turns the history of sales
// and prices into an Elasticity that says where it comes from and whether the data can
// tell at all. The optimiser (Optimise) takes a Problem (demand in scenarios, an
// elasticity drawn for each, costs, stock, Limits) and gives the price of the legal
// grid with the highest expected contribution, what it gains against today's price, the
// prices that are as good, and the limits that bind; or a Refusal that names the limits
// in conflict and the cheapest way out; Ask answers for any one price. Beside it stand MNL
// (substitutes in a need-state), Coupling (limits over many items), Season (a stock to be
// sold by a date), Newsvendor (price and order of one season together) and Switchback (is a
// price test worth its cost?).
//
// It comes after operations/demand, which gives the scenarios, and operations/landed,
// which gives cost and duty; package plan joins them. It is not for promotions
// (operations/promotion), and prices never depend on who is buying: nothing in here is
// given a customer.
package pricing
