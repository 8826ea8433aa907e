package store_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
	"tradewind/store"
)

func member(name, role string) store.Member {
	return store.Member{Name: name, Role: role, Token: "sum of " + name, Added: noon, AddedBy: "local:root"}
}

func TestMembersComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		if n, err := db.CountMembers(background); n != 0 || err != nil {
			t.Errorf("%d users, %v", n, err)
		}
		if err := db.AddMember(background, member("bo", "viewer"), "admin"); codeOf(err) != "E-USER-FIRST" {
			t.Errorf("a first user who looks: %v", err)
		}
		for _, m := range []store.Member{member("ada", "admin"), member("李雷", "approver")} {
			if err := db.AddMember(background, m, "admin"); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.AddMember(background, member("ada", "viewer"), "admin"); codeOf(err) != "E-USER-EXISTS" {
			t.Errorf("a name twice: %v", err)
		}
		all, err := db.Members(background)
		if diff := cmp.Diff([]store.Member{member("ada", "admin"), member("李雷", "approver")}, all); err != nil || diff != "" {
			t.Errorf("users: %v (-want +got):\n%s", err, diff)
		}
		if m, err := db.MemberByToken(background, "sum of 李雷"); err != nil || m.Name != "李雷" {
			t.Errorf("by token: %v, %v", m, err)
		}
		for _, sum := range []string{"", "sum of bo", "' OR 1=1 --"} {
			if _, err := db.MemberByToken(background, sum); !fault.Is(err, fault.NotFound) {
				t.Errorf("by token %q: %v", sum, err)
			}
		}
		_, err = db.ChangeMember(background, "bo", "admin", store.Control{Verb: "role", At: noon}, func(m *store.Member) { m.Role = "admin" })
		if codeOf(err) != "E-USER-NOT-FOUND" {
			t.Errorf("a change of nobody: %v", err)
		}
	})
}

// Whoever ends the last two admins at once ends one of them.
func TestTheLastAdminStays(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, _ string) {
		for _, name := range []string{"ada", "bo"} {
			if err := db.AddMember(background, member(name, "admin"), "admin"); err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		for _, name := range []string{"ada", "bo"} {
			all.Go(func() {
				_, err := db.ChangeMember(background, name, "admin", store.Control{Verb: "disable", By: "user:" + name, At: noon}, func(m *store.Member) { m.Disabled = new(noon) })
				if err != nil && codeOf(err) != "E-USER-LAST-ADMIN" && !fault.Is(err, fault.Stale) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		members, err := db.Members(background)
		left := 0
		for _, m := range members {
			if m.Disabled == nil {
				left++
			}
		}
		if err != nil || left < 1 {
			t.Errorf("%d admins are left, %v", left, err)
		}
		for _, m := range members {
			if m.Disabled != nil {
				continue
			}
			if _, err := db.ChangeMember(background, m.Name, "admin", store.Control{Verb: "role", At: noon}, func(m *store.Member) { m.Role = "viewer" }); left == 1 && codeOf(err) != "E-USER-LAST-ADMIN" {
				t.Errorf("the last admin becomes a viewer: %v", err)
			}
		}
	})
}
