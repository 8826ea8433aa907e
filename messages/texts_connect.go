package messages

// connectTexts are the texts of package or part connect.
var connectTexts = map[string]text{}
