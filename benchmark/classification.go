package benchmark

import (
	"context"

	"tradewind/law/tariff"
	"tradewind/operations/classification"
)

// classificationAnswer is a model trained from nothing and asked the test part.
type classificationAnswer struct {
	Model, NearestText, NearestClass classification.Report
	Embedded                         bool // the ranker that ships is the one trained here
}

// classifying trains on one goroutine; only training is timed.
var classifying = newWork("classify", func(_ context.Context, m *meter, _ int) (classificationAnswer, error) {
	entries := tariff.Entries()
	m.Begin()
	e, err := classification.NewExperiment(entries)
	m.End()
	if err != nil {
		return classificationAnswer{}, err
	}
	a := classificationAnswer{
		Model:        e.Report(classification.Test),
		NearestText:  e.Nearest(classification.NearestText, classification.Test),
		NearestClass: e.Nearest(classification.NearestClass, classification.Test),
	}
	a.NearestText.Precision, a.NearestClass.Precision = 0, 0 // they never answer, and NaN is no JSON
	a.Embedded, err = e.Embedded()
	return a, err
})

// suggestedTexts is how many texts suggesting answers.
const suggestedTexts = 500

// suggesting asks the model that ships for texts of the validation part, so that the
// figure does not depend on what the test part says.
var suggesting = newWork("suggest", func(_ context.Context, m *meter, _ int) (int, error) {
	e, err := classification.Measured(tariff.Entries())
	if err != nil {
		return 0, err
	}
	texts := e.Texts(classification.Validation)[:suggestedTexts]
	model := classification.Standard()
	m.Begin()
	for _, text := range texts {
		model.Suggest(text)
	}
	m.End()
	return len(texts), nil
})

func measureClassification(ctx context.Context, _ *run) ([]Row, error) {
	a, training, err := classifying.run(ctx, 0)
	if err != nil {
		return nil, err
	}
	var micro []float64
	for range repeats {
		n, cost, err := suggesting.run(ctx, 0)
		if err != nil {
			return nil, err
		}
		micro = append(micro, 1e6*cost.CPU/float64(n))
	}
	const (
		data  = "leaf texts of three words or more of the US schedule of April 2025, the fifth held out by a hash of the text"
		text  = data + "; each text once, right if the schedule gives it any of the three codes"
		pair  = data + "; each pair of text and code once, right if that code is among the three"
		first = data + "; first suggestion, 15 bins"
	)
	m, near, class := a.Model, a.NearestText, a.NearestClass
	return []Row{
		{Name: "top-3", Value: &m.Top3, Better: higher, Source: text},
		{Name: "top-3, nearest text by TF-IDF", Value: &near.Top3, Better: higher, Source: text},
		{Name: "top-3 over nearest text", Value: new(m.Top3 - near.Top3), Better: higher, Must: new(.15), Aim: new(.25), Source: text},
		{Name: "top-3, nearest class by TF-IDF", Value: &class.Top3, Better: higher, Source: text},
		{Name: "top-3 over nearest class", Value: new(m.Top3 - class.Top3), Better: higher, Source: text},
		{Name: "top-3 of pairs", Value: &m.Top3OfPairs, Better: higher, Source: pair},
		{Name: "top-3 of pairs, nearest text by TF-IDF", Value: &near.Top3OfPairs, Better: higher, Source: pair},
		{Name: "top-3 of pairs over nearest text", Value: new(m.Top3OfPairs - near.Top3OfPairs), Better: higher, Aim: new(.15), Source: pair},
		{Name: "top-1", Value: &m.Top1, Better: higher, Source: text},
		{Name: "calibration error, bins of equal width", Value: &m.ErrorByWidth, Better: lower, Must: new(.05), Source: first},
		{Name: "calibration error, bins of equal size", Value: &m.ErrorBySize, Better: lower, Must: new(.05), Source: first},
		{Name: "precision where it answers", Value: &m.Precision, Better: higher, Must: new(.9), Source: text},
		{Name: "share answered", Value: &m.Answered, Better: higher, Source: text},
		{Name: "training, CPU time", Value: &training.CPU, Unit: "s", Better: lower, Source: "voices, ranker and calibration from the embedded schedule"},
		{Name: "shipped ranker is the one trained", Value: flag(a.Embedded), Unit: "0 or 1", Better: higher, Must: new(1.0), Source: "byte by byte"},
		{Name: "suggestion, CPU time", Value: new(median(micro)), Unit: "µs", Better: lower, Must: new(2000.0), Source: "the model that ships, 500 texts one after the other"},
	}, nil
}
