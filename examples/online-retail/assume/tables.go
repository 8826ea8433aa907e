package main

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"strconv"

	"tradewind/money"
)

// What every row says of itself: the day that it holds on, and that nobody measured it.
const (
	firstDay = "2009-12-01"
	lastDay  = "2011-12-09"
	assumed  = "true"
	currency = "GBP"
	home     = "UK-1" // the one warehouse
)

// assume returns the content of each file by name.
func assume(dir fs.FS) (map[string][]byte, error) {
	all, err := articles(dir)
	if err != nil {
		return nil, err
	}
	products := [][]string{{"sku", "name", "category", "grams", "hs", "origin", "as_of", "assumed"}}
	costs := [][]string{{"sku", "unit_cost", "currency", "from", "assumed"}}
	stock := [][]string{{"sku", "location", "on_hand", "inbound", "day", "assumed"}}
	supplies := [][]string{{"sku", "supplier", "lead_days", "lead_sd", "moq", "pack", "order_cost", "currency", "as_of", "assumed"}}
	for _, a := range all {
		h := classify(a.name)
		s := supplierOf(a, h)
		onHand, inbound := stocked(a, s)
		products = append(products, []string{a.sku, a.name, h.category, whole(grams(a, h)), h.chapter, s.country, lastDay, assumed})
		costs = append(costs, []string{a.sku, pounds(unitCost(a)), currency, firstDay, assumed})
		stock = append(stock, []string{a.sku, home, whole(onHand), whole(inbound), lastDay, assumed})
		supplies = append(supplies, []string{a.sku, s.name, whole(s.leadDays), whole(s.leadSD),
			whole(smallestOrder(a, s)), whole(packOf(a)), pounds(s.orderCost), currency, lastDay, assumed})
	}
	// No market is listed: the warehouse serves all.
	warehouses := [][]string{{"location", "country", "serves", "as_of", "assumed"}, {home, "GB", "", lastDay, assumed}}

	made := map[string][]byte{}
	for name, rows := range map[string][][]string{
		"assumed-products.csv": products, "assumed-costs.csv": costs, "assumed-stock.csv": stock,
		"assumed-supplies.csv": supplies, "assumed-warehouses.csv": warehouses,
	} {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
			return nil, err
		}
		made[name] = b.Bytes()
	}
	return made, nil
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func pounds(e4 int64) string { return money.FromE4(e4, currency).Decimal() }
