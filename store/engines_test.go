package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"tradewind/calendar"
	"tradewind/store"
)

// TestMain stops the PostgreSQL that the tests started, and runs the child of the tests
// that kill a process.
func TestMain(m *testing.M) {
	if os.Getenv(childURL) != "" {
		os.Exit(runChild())
	}
	code := m.Run()
	if started != nil {
		started.stop()
	}
	os.Exit(code)
}

// onBoth runs a test on a fresh workspace of each engine, and tells it the URL.
func onBoth(t *testing.T, test func(t *testing.T, db *store.DB, url string)) {
	for name, fresh := range map[string]func(testing.TB) string{"duckdb": duckURL, "postgres": postgresURL} {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			test(t, open(t, url), url)
		})
	}
}

func open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func duckURL(t testing.TB) string {
	return "duckdb:" + filepath.Join(t.TempDir(), "shop.duckdb")
}

// raw opens the engine of a workspace below the store.
func raw(t testing.TB, url string) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", url
	if path, ok := strings.CutPrefix(url, "duckdb:"); ok {
		driver, dsn = "duckdb", path
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// postgresURL returns a fresh, empty schema of a PostgreSQL: the one that
// TRADEWIND_TEST_POSTGRES names, or one that the tests start themselves.
func postgresURL(t testing.TB) string {
	t.Helper()
	server, err := findPostgres()
	if errors.Is(err, errNoPostgres) && os.Getenv("CI") != "true" {
		t.Skip("skipped: the store on PostgreSQL. Install postgresql or set TRADEWIND_TEST_POSTGRES to run it.")
	}
	if err != nil {
		t.Fatal(err)
	}
	admin := raw(t, server)
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := admin.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Exec("DROP SCHEMA " + schema + " CASCADE") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

var (
	schemas       atomic.Int64
	started       *server
	errNoPostgres = errors.New("there is no PostgreSQL")
)

var findPostgres = sync.OnceValues(func() (string, error) {
	if url := os.Getenv("TRADEWIND_TEST_POSTGRES"); url != "" {
		return url, nil
	}
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		return "", errNoPostgres
	}
	s := &server{bin: bins[len(bins)-1]}
	if err := s.start(); err != nil {
		return "", err
	}
	started = s
	return "postgres://postgres@localhost/postgres?host=" + url.QueryEscape(s.dir), nil
})

// server is a PostgreSQL of the tests' own, reached by a socket in its folder.
type server struct{ bin, dir string }

func (s *server) start() (err error) {
	if s.dir, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		if err := giveTo(s.dir, "postgres"); err != nil {
			return err
		}
	}
	data := filepath.Join(s.dir, "data")
	if err := s.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"); err != nil {
		return err
	}
	options := "-c listen_addresses='' -c fsync=off -c unix_socket_directories=" + s.dir
	return s.run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(s.dir, "log"), "-o", options, "start")
}

func (s *server) stop() {
	s.run("pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "stop")
	os.RemoveAll(s.dir)
}

// run runs a program of PostgreSQL, which refuses to work for root.
func (s *server) run(program string, args ...string) error {
	args = append([]string{filepath.Join(s.bin, program)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}, args...)
	}
	command := exec.Command(args[0], args[1:]...)
	command.Dir = s.dir
	log, err := os.OpenFile(filepath.Join(s.dir, "run.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log // a pipe would wait for the server
	if err := command.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return nil
}

func giveTo(dir, name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return errors.Join(errNoPostgres, err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return os.Chown(dir, uid, gid)
}

// cpuSeconds returns the CPU time that this process has used, all threads.
func cpuSeconds() float64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}

var background = context.Background()

func sameDay(a, b calendar.Day) bool { return a == b }
