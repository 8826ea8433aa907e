package kernel

// CellForward takes one step of LSTM cells, for a batch of rows. gates [rows × 4 hidden]
// comes with the four sums of each unit, in the order input, forget, candidate, output,
// and leaves with their activations
//
//	i = σ(·), f = σ(·), g = tanh(·), o = σ(·).
//
// From them and the state before it writes
//
//	after = f·before + i·g,  squashed = tanh(after),  h = o·squashed,
//
// all [rows × hidden]; the rows of h lie step numbers apart, those of the others without
// gaps. For float32 the activations are within 3e-7.
//
// Source: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000).
func CellForward[F Float](gates, before, after, squashed []F, h []F, step, rows, hidden int) {
	vector := vectorUnits[F](hidden)
	if vector > 0 {
		for r := range rows {
			at := r * hidden
			cellForward(first(gates[4*at:][:4*hidden]), hidden, first(before[at:][:hidden]), first(after[at:][:hidden]),
				first(squashed[at:][:hidden]), first(h[r*step:][:hidden]), vector, &spread)
		}
	}
	cellForwardPlain(gates, before, after, squashed, h, step, rows, hidden, vector)
}

// cellForwardPlain does the units from the given one on.
func cellForwardPlain[F Float](gates, before, after, squashed, h []F, step, rows, hidden, from int) {
	for r := range rows {
		u := gates[r*4*hidden:][:4*hidden]
		c0, c1, tc := before[r*hidden:][:hidden], after[r*hidden:][:hidden], squashed[r*hidden:][:hidden]
		out := h[r*step:][:hidden]
		for j := from; j < hidden; j++ {
			i, f := sigmoid(u[j]), sigmoid(u[hidden+j])
			g, o := tanh(u[2*hidden+j]), sigmoid(u[3*hidden+j])
			u[j], u[hidden+j], u[2*hidden+j], u[3*hidden+j] = i, f, g, o
			c1[j] = F(f*c0[j]) + F(i*g)
			tc[j] = tanh(c1[j])
			out[j] = o * tc[j]
		}
	}
}

// CellBackward is the derivative of CellForward. dh [rows × hidden] is that of a loss by h
// and dc [rows × hidden] that by after; it replaces dc by the one by before, and gates, as
// CellForward left them, by the one by the four sums. The rows of dh lie step numbers
// apart.
func CellBackward[F Float](gates, before, squashed, dh []F, step int, dc []F, rows, hidden int) {
	vector := vectorUnits[F](hidden)
	if vector > 0 {
		for r := range rows {
			at := r * hidden
			cellBackward(first(gates[4*at:][:4*hidden]), hidden, first(before[at:][:hidden]), first(squashed[at:][:hidden]),
				first(dh[r*step:][:hidden]), first(dc[at:][:hidden]), vector, &spread)
		}
	}
	cellBackwardPlain(gates, before, squashed, dh, step, dc, rows, hidden, vector)
}

// cellBackwardPlain does the units from the given one on.
func cellBackwardPlain[F Float](gates, before, squashed, dh []F, step int, dc []F, rows, hidden, from int) {
	for r := range rows {
		u := gates[r*4*hidden:][:4*hidden]
		c0, tc := before[r*hidden:][:hidden], squashed[r*hidden:][:hidden]
		d, e := dh[r*step:][:hidden], dc[r*hidden:][:hidden]
		for j := from; j < hidden; j++ {
			i, f, g, o := u[j], u[hidden+j], u[2*hidden+j], u[3*hidden+j]
			c := e[j] + F(F(d[j]*o)*(1-F(tc[j]*tc[j])))
			u[j] = F(c*g) * F(i*(1-i))
			u[hidden+j] = F(c*c0[j]) * F(f*(1-f))
			u[2*hidden+j] = F(c*i) * (1 - F(g*g))
			u[3*hidden+j] = F(d[j]*tc[j]) * F(o*(1-o))
			e[j] = c * f
		}
	}
}

// vectorUnits is how many of the hidden units the assembly does.
func vectorUnits[F Float](hidden int) int {
	if _, ok := any(F(0)).(float32); ok && simd {
		return hidden / lanes * lanes
	}
	return 0
}

// first is where a slice of float32 begins.
func first[F Float](s []F) *float32 { return &any(s).([]float32)[0] }
