package messages

// planTexts are the texts of package or part plan.
var planTexts = map[string]text{}
