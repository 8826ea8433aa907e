package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
	"tradewind/messages"
	"tradewind/store"
)

// wantFault checks the code and exit code of a failure, and that people can read it.
func wantFault(t testing.TB, err error, code string, exit int) {
	t.Helper()
	if codeOf(err) != code || fault.ExitCode(err) != exit {
		t.Errorf("got %v, exit code %d; want %s, exit code %d", err, fault.ExitCode(err), code, exit)
		return
	}
	m := messages.Of(err)
	for _, lang := range messages.Languages {
		if text := m.In(lang) + m.Remedy().In(lang); strings.ContainsAny(text, "[]") {
			t.Errorf("in %s it reads %q", lang, text)
		}
	}
}

func TestNewerWorkspaceIsRefusedUntouched(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, url string) {
		bring(t, db, sale(1, "S1", 0, 1, 100))
		db.Close()
		engine := raw(t, url)
		if _, err := engine.Exec("INSERT INTO schema_version (version, applied_at) VALUES (99, TIMESTAMP '2030-01-01 00:00:00')"); err != nil {
			t.Fatal(err)
		}
		before := everything(t, url)
		engine.Close()
		_, err := store.Open(t.Context(), url)
		wantFault(t, err, "E-STORE-NEWER", 1)
		if diff := cmp.Diff(before, everything(t, url)); diff != "" {
			t.Errorf("the workspace was touched (-before +after):\n%s", diff)
		}
	})
}

// everything returns the tables of a workspace and their columns, as the engine knows them.
func everything(t testing.TB, url string) (all []string) {
	t.Helper()
	rows, err := raw(t, url).Query(`SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}

func TestReopenedWorkspaceIsTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB, url string) {
		bring(t, db, randomLines(5, 0, 1000)...)
		rows := rowsOf(t, db)
		db.Close()
		if diff := cmp.Diff(rows, rowsOf(t, open(t, url))); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
	})
}

func TestWrongURLs(t *testing.T) {
	for _, url := range []string{"", "shop.duckdb", "mysql://localhost/shop", "duckdb:", "duckdb:a.duckdb?memory=1GB", "duckdb:100%/a.duckdb", "postgres://host:notaport/x"} {
		_, err := store.Open(t.Context(), url)
		wantFault(t, err, "E-STORE-URL", 1)
	}
}

func TestPasswordIsNotSaid(t *testing.T) {
	_, err := store.Open(t.Context(), "postgres://ada:hunter2@127.0.0.1:1/shop?connect_timeout=1")
	wantFault(t, err, "E-STORE-UNREACHABLE", 1)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v, want it without the password", err)
	}
}

func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	noDatabase := filepath.Join(dir, "notes.duckdb")
	if err := os.WriteFile(noDatabase, bytes.Repeat([]byte("not a database\n"), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), "duckdb:"+noDatabase)
	wantFault(t, err, "E-STORE-CORRUPT", 1)

	shop := filepath.Join(dir, "shop.duckdb")
	db := open(t, "duckdb:"+shop)
	bring(t, db, randomLines(6, 0, 5000)...)
	db.Close()
	whole, err := os.ReadFile(shop)
	if err != nil {
		t.Fatal(err)
	}
	// One bit every 256 KiB: the header is read at once, tables when they are asked for,
	// free blocks never.
	for at := 8; at < len(whole); at += 256 << 10 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1
		if err := os.WriteFile(shop, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), "duckdb:"+shop)
		if err == nil {
			_, err = db.Snapshot(t.Context(), nil, "GBP")
			db.Close()
		}
		if err != nil && codeOf(err) != "E-STORE-CORRUPT" {
			t.Errorf("bit at %d: got %v, want E-STORE-CORRUPT or nothing to see", at, err)
		}
		if at == 8 && err == nil {
			t.Errorf("bit at %d of the header was not noticed", at)
		}
	}
}

func TestMissingFolder(t *testing.T) {
	_, err := store.Open(t.Context(), "duckdb:"+filepath.Join(t.TempDir(), "no", "shop.duckdb"))
	wantFault(t, err, "E-STORE-UNREACHABLE", 1)
}

// Statements of the store's connections can reach no file and no network, and cannot
// change that.
func TestDuckDBReachesNothingElse(t *testing.T) {
	db := open(t, duckURL(t)+"?memory_limit=300MB&threads=1")
	for _, statement := range []string{
		"SELECT * FROM read_csv('/etc/passwd')", "COPY name TO '/tmp/x.csv'", "ATTACH '/tmp/x.duckdb' AS x",
		"INSTALL httpfs", "LOAD httpfs", "SET memory_limit = '9GB'", "SET enable_external_access = true", "SET lock_configuration = false",
	} {
		if _, err := db.SQL().Exec(statement); err == nil {
			t.Errorf("%s was allowed", statement)
		}
	}
	var limit, threads string
	if err := db.SQL().QueryRow("SELECT current_setting('memory_limit'), current_setting('threads')").Scan(&limit, &threads); err != nil {
		t.Fatal(err)
	}
	if limit != "286.1 MiB" || threads != "1" {
		t.Errorf("memory %s, threads %s; want 286.1 MiB, 1", limit, threads)
	}
}

// On a full disk a load fails with a clear fault, what was there stays whole, and with
// space again the same load succeeds.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		t.Skipf("skipped: the test of a full disk needs to mount a small one: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	url := "duckdb:" + filepath.Join(dir, "shop.duckdb")
	db := open(t, url)
	bring(t, db, randomLines(8, 0, 2000)...)
	l := begin(t, db)
	add(t, l, randomLines(9, 10_000, 300_000)...)
	_, err := l.Merge(background)
	if err == nil {
		_, err = l.Commit(background, store.ImportRecord{})
	}
	wantFault(t, err, "E-DISK-FULL", 1)
	l.Rollback()
	db.Close()

	db = open(t, url)
	if got := rowsOf(t, db)["order_line"]; got != 2000 {
		t.Errorf("after the failed load: %d lines, want 2000", got)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=100m"); err != nil {
		t.Fatal(err)
	}
	if m := bring(t, db, randomLines(9, 10_000, 300_000)...); m.Loaded.Rows != 300_000 {
		t.Errorf("with space again: got %+v, want 300000 rows loaded", total(m))
	}
}
