package messages

// engineTexts are the texts of package or part engine.
var engineTexts = map[string]text{}
