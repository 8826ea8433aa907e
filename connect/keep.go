package connect

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"syscall"

	"tradewind/fault"
)

// step names a call to the file system that can fail; tests make each of them fail.
type step string

const (
	stepOpen   step = "open workspace"
	stepFolder step = "make folder"
	stepCreate step = "create"
	stepWrite  step = "write"
	stepSync   step = "sync file"
	stepClose  step = "close"
	stepLink   step = "name"
	stepKept   step = "sync folder"
)

// keep puts a document into the outbox and reports whether it was there already. The
// content is written and synced under a name that begins with a dot; only then does the
// file get its own name, by a hard link, which unlike a rename never replaces a file.
// before is asked ahead of each step.
func keep(workspace string, doc document, before func(step) error) (already bool, err error) {
	defer func() {
		if err != nil && fault.Of(err) == nil {
			err = failure(err, doc)
		}
	}()
	if err := before(stepOpen); err != nil {
		return false, err
	}
	root, err := os.OpenRoot(workspace) // nothing below escapes it, symbolic links included
	if err != nil {
		return false, err
	}
	defer root.Close()
	folder := path.Join(outbox, doc.folder)
	if err := before(stepFolder); err != nil {
		return false, err
	}
	if err := makeFolders(root, outbox, folder); err != nil {
		return false, err
	}
	already, err = sameBytes(root, doc)
	if err != nil {
		return false, err
	}
	if !already {
		if already, err = create(root, folder, doc, before); err != nil {
			return false, err
		}
	}
	if err := before(stepKept); err != nil {
		return false, err
	}
	return already, syncFolder(root, folder)
}

// create writes the content beside its place, then gives it its name.
func create(root *os.Root, folder string, doc document, before func(step) error) (already bool, err error) {
	if err := before(stepCreate); err != nil {
		return false, err
	}
	temporary := path.Join(folder, "."+doc.name+"."+rand.Text())
	file, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return false, err
	}
	defer root.Remove(temporary)
	if err := fill(file, doc.content, before); err != nil {
		file.Close()
		return false, err
	}
	if err := before(stepClose); err != nil {
		file.Close()
		return false, err
	}
	if err := file.Close(); err != nil {
		return false, err
	}
	if err := before(stepLink); err != nil {
		return false, err
	}
	err = root.Link(temporary, doc.path())
	switch {
	case err == nil:
		return false, nil
	case errors.Is(err, fs.ErrExist): // another process was faster
		return sameBytes(root, doc)
	case noHardLinks(err):
		// Only a rename is left. The other process that could come between the look above
		// and this call would write the same bytes: they follow from the decision.
		return false, root.Rename(temporary, doc.path())
	}
	return false, err
}

func fill(file *os.File, content []byte, before func(step) error) error {
	if err := before(stepWrite); err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := before(stepSync); err != nil {
		return err
	}
	return file.Sync()
}

// sameBytes reports whether the file is there as it would be written. A file with other
// bytes, or anything that is no file, is fault.Blocked.
func sameBytes(root *os.Root, doc document) (bool, error) {
	info, err := root.Stat(doc.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	conflict := fault.New(fault.Blocked, "E-OUTBOX-CONFLICT", fault.A("file", doc.path()))
	if !info.Mode().IsRegular() || info.Size() != int64(len(doc.content)) {
		return false, conflict
	}
	there, err := root.ReadFile(doc.path())
	if err != nil {
		return false, err
	}
	if !bytes.Equal(there, doc.content) {
		return false, conflict
	}
	return true, nil
}

// makeFolders makes the folders that are missing, outermost first, so that a crash
// cannot lose them.
func makeFolders(root *os.Root, folders ...string) error {
	for _, folder := range folders {
		err := root.Mkdir(folder, 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := syncFolder(root, path.Dir(folder)); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder makes the names in a folder outlive a power cut. Windows does that itself
// and refuses the call.
func syncFolder(root *os.Root, folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := root.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

func noHardLinks(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EMLINK)
}

// failure tells what a person can do about an error of the file system.
func failure(err error, doc document) error {
	code := "E-OUTBOX-WRITE"
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		code = "E-OUTBOX-FULL"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = "E-OUTBOX-READONLY"
	}
	return fault.From(err, fault.Internal, code, fault.A("file", doc.path()), fault.A("error", err.Error()))
}
