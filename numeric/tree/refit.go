package tree

// refit returns the quantile of what is left to explain in a leaf.
func (b *booster) refit(l *leaf, loss Quantile) float64 {
	return min(max(b.residual(l.begin, l.end, loss), l.room.low), l.room.high)
}

// residual returns the quantile of what is left to explain in a stretch of the rows.
func (b *booster) residual(begin, end int, loss Quantile) float64 {
	q := make(weighted, 0, end-begin)
	for _, r := range b.rows[begin:end] {
		q = append(q, weightedValue{b.data.Y[r] - b.score[r], b.data.weight(int(r))})
	}
	return q.quantile(loss.u())
}

// refitRooms replaces the rooms of the leaves, which were set by gradients, by those that
// the quantiles of the nodes give: the same rule on another scale.
func (b *booster) refitRooms(t *Tree, loss Quantile) {
	if b.monotone == nil {
		return
	}
	rooms := make([]room, len(t.Nodes))
	rooms[0] = everywhere
	for i, n := range t.Nodes { // children stand behind their parents
		if n.Left == 0 {
			continue
		}
		in := rooms[i]
		left, right := in, in
		if m := b.monotone[n.Feature]; m != 0 {
			l, r := b.spans[n.Left], b.spans[n.Left+1]
			middle := (b.residual(l[0], l[1], loss) + b.residual(r[0], r[1], loss)) / 2
			middle = min(max(middle, in.low), in.high)
			if m > 0 {
				left.high, right.low = middle, middle
			} else {
				left.low, right.high = middle, middle
			}
		}
		rooms[n.Left], rooms[n.Left+1] = left, right
	}
	for k := range b.leaves {
		b.leaves[k].room = rooms[b.leaves[k].node]
	}
}
