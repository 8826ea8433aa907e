package messages

// consoleTexts are the texts of package or part console.
var consoleTexts = map[string]text{}
