package benchmark

import "context"

// measurePricing goes from the regressions below through what is learnt of demand to what
// the prices that follow bring.
func measurePricing(ctx context.Context, r *run) ([]Row, error) {
	var rows []Row
	for _, part := range []func(context.Context, *run) ([]Row, error){
		regressionRows, causalEffectRows, elasticityRows, closedRows, profitRows, pricingSpeedRows, learnerRows,
	} {
		more, err := part(ctx, r)
		if err != nil {
			return rows, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}
