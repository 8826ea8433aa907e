package benchmark

import "context"

// measureAutomation goes from the learning of tables, through what learned prices and orders
// earn on shops whose truth is known, to what judges them and what holds them back.
func measureAutomation(ctx context.Context, r *run) ([]Row, error) {
	var rows []Row
	for _, part := range []func(context.Context, *run) ([]Row, error){
		learningRows, stepRows, shopRows, opeRows, guardrailRows,
	} {
		more, err := part(ctx, r)
		if err != nil {
			return rows, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}
