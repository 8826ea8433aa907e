// Package sanctions screens the names of parties against sanctions lists: it reads the
// lists, finds the listed names that a given name may be another spelling of, and says
// why. It finds namesakes as well; a person tells them apart.
//
// It keeps no list and fetches none, and it knows nothing of ownership: the owner of a
// firm is screened only where somebody names him.
//
// Before it: decision, whose proposals cite the versions of the lists. After it: plan.
package sanctions

import (
	"crypto/sha256"
	"encoding/hex"

	"tradewind/calendar"
)

// Kind is what an entry or a party is.
type Kind string

const (
	Unstated     Kind = "" // nobody said
	Person       Kind = "person"
	Organisation Kind = "organisation"
	Vessel       Kind = "vessel"
)

// Alias is a further name of an entry. A weak one ("low quality" in the list's own words)
// counts only when it is given letter by letter.
type Alias struct {
	Name string
	Weak bool
}

// Entry is one listed person, organisation or vessel.
type Entry struct {
	ID        string // its reference in the list
	Name      string
	Aliases   []Alias
	Original  []string // the names in their own script, where the list has them
	Kind      Kind
	Countries []string // as the list writes them
	Programme string   // the part of the list
	ListedOn  string   // as the list writes it
}

// List is a sanctions list as of a day.
type List struct {
	Name    string
	Version calendar.Day // the day on which its publisher made it
	Hash    string       // hex SHA-256 of the file
	Entries []Entry      // in the order of the file
}

// Ref names a list and its version: what a decision keeps.
type Ref struct {
	Name    string       `json:"name"`
	Version calendar.Day `json:"version"`
	Hash    string       `json:"hash"`
	Entries int          `json:"entries"`
}

// Ref names the list.
func (l *List) Ref() Ref { return Ref{l.Name, l.Version, l.Hash, len(l.Entries)} }

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
