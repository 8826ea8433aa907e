package classification

import (
	"math/rand/v2"
	"slices"

	"tradewind/numeric/tree"
)

// ranker says how likely a candidate is right, from what the voices say of it.
type ranker struct {
	Trees *tree.Boost
	Map   calibration
}

// folds is how many times the voices are learnt anew while the ranker learns: it sees
// each text as voices judge it that have not heard of it.
const folds = 5

// seed makes the samples of rows and features of the boosting.
const seed = 2022

// shortestLesson is how many words a text must have for the ranker to learn from it.
const shortestLesson = 2

// oneOf says that one of so many wrong candidates is learnt from: there are dozens for
// each right one, and the calibration makes up for those left out.
const oneOf = 3

var form = tree.BoostForm{Loss: tree.Logistic{}, Rounds: 200, Rate: .07, MaxLeaves: 31, MinRows: 40, L2: 5, Features: .5, Rows: .7, Workers: 1}

// lesson is a question with its candidates.
type lesson struct {
	classes    []int
	fold       uint64
	judged     bool // a leaf, and long enough to calibrate by
	candidates []candidate
}

// lessons returns the questions of the training part as voices judge them that learnt
// from the other folds of that part. Rows above others that describe one class alone are
// lessons, too.
func lessons(c *corpus) []lesson {
	rows := slices.Concat(c.leaves, c.above)
	var list []lesson
	for fold := range uint64(folds) {
		inFold := func(t text) bool { return len(t.words) >= shortestLesson && foldOf(t.text) == fold }
		x := newIndex(c, func(t text) bool { return t.held || inFold(t) })
		asked := func(t text) bool { return inFold(t) && !t.held && len(t.classes) == 1 }
		for _, q := range questions(rows, asked) {
			list = append(list, lesson{q.classes, fold, q.leaf && judged(q.text), x.candidates(q.document)})
		}
	}
	return list
}

func foldOf(text string) uint64 { return hash(text) >> 32 % folds }

// fitTrees learns from the lessons that are not left out.
func fitTrees(list []lesson, without func(lesson) bool) (*tree.Boost, error) {
	var d tree.Data
	for _, l := range list {
		if without(l) {
			continue
		}
		for i, c := range l.candidates {
			y := right(l.classes, c.class)
			if y == 0 && i%oneOf != 0 {
				continue
			}
			if d.X == nil {
				d.X = make([][]float64, len(c.features))
			}
			for j, f := range c.features {
				d.X[j] = append(d.X[j], f)
			}
			d.Y = append(d.Y, y)
		}
	}
	return tree.FitBoost(d, form, rand.New(rand.NewPCG(seed, 0)))
}

// right is 1 for one of the classes.
func right(classes []int, class int) float64 {
	for _, k := range classes {
		if k == class {
			return 1
		}
	}
	return 0
}

// fitRanker learns the trees from the training part. The calibration is learnt from texts
// that its trees have not seen: those of each fold, as trees judge them that learnt from
// the others, and the validation part.
func fitRanker(c *corpus, x *index) (*ranker, error) {
	list := lessons(c)
	var judgements []judgement
	for fold := range uint64(folds) {
		others, err := fitTrees(list, func(l lesson) bool { return l.fold == fold })
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			if l.fold == fold && l.judged {
				judgements = append(judgements, judge(others, l.classes, l.candidates))
			}
		}
	}
	trees, err := fitTrees(list, func(lesson) bool { return false })
	if err != nil {
		return nil, err
	}
	for _, q := range c.of(Validation) {
		judgements = append(judgements, judge(trees, q.classes, x.candidates(q.document)))
	}
	return &ranker{trees, calibrate(judgements)}, nil
}

// scored is a class with its score, and then its chance.
type scored struct {
	class int
	score float64
}

// suggestions is how many candidates are shown.
const suggestions = 3

// order returns the candidates with the highest scores, highest first.
func order(trees *tree.Boost, candidates []candidate) []scored {
	scores := make([]float64, len(candidates))
	for i, c := range candidates {
		scores[i] = trees.PredictRow(c.features, 0)
	}
	var top []scored
	for _, i := range best(scores, suggestions) {
		top = append(top, scored{candidates[i].class, scores[i]})
	}
	return top
}

// judgement is what the trees say of a question, and how much of it is right.
type judgement struct {
	top   []scored
	right []float64
}

func judge(trees *tree.Boost, classes []int, candidates []candidate) judgement {
	j := judgement{top: order(trees, candidates)}
	for _, s := range j.top {
		j.right = append(j.right, right(classes, s.class))
	}
	return j
}
