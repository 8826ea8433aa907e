// Command generate trains the ranker of package classification and writes the file that
// the package embeds:
//
//	go run ./operations/classification/generate operations/classification/ranker.gob.zst
//
// The training part of the texts makes the trees, the validation part the calibration; no
// text of the test part is read.
package main

import (
	"fmt"
	"os"

	"tradewind/law/tariff"
	"tradewind/operations/classification"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate OUTPUT")
		os.Exit(2)
	}
	if err := generate(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(output string) error {
	e, err := classification.NewExperiment(tariff.Entries())
	if err != nil {
		return err
	}
	packed, err := e.Ranker()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", output, len(packed))
	return os.WriteFile(output, packed, 0o644)
}
