// Command verify checks Rolecall's audit log with the Go project's libraries for signed notes and
// transparent logs. It shares no code with Rolecall and was written from docs/ledger.md.
//
//	verify log VKEY DIR...     each directory of an audit log
//	verify bundle VKEY ZIP...  each proof bundle
//	verify flip VKEY DIR       changes every byte of every sealed record: none may pass its proof
//	verify cases               one JSON case a line on standard input, a verdict a line on standard output
//
// A line "ok ..." or "bad ..." for each; the exit status is 1 if any is bad, 2 for a wrong call.
package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

// open returns what a known key signed. The three lines are parsed here, as tlog.ParseTree knows
// only the origin of the Go checksum database.
func open(data []byte, vkey string) (c checkpoint, err error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return c, err
	}
	n, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return c, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, errors.New("a checkpoint has three lines")
	}
	c.origin = lines[0]
	if c.origin != verifier.Name() && !strings.HasPrefix(c.origin, verifier.Name()+"/") {
		return c, errors.New("the origin is not one of this key")
	}
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.size < 0 ||
		strconv.FormatInt(c.size, 10) != lines[1] {
		return c, errors.New("the size is not a number in its one form")
	}
	c.root, err = parseHash(lines[2])
	return c, err
}

func parseHash(text string) (hash tlog.Hash, err error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) != len(hash) || base64.StdEncoding.EncodeToString(data) != text {
		return hash, errors.New("not a hash")
	}
	copy(hash[:], data)
	return hash, nil
}

func parseHashes(texts []string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		hash, err := parseHash(text)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// lines returns records without their line breaks. A last line without one is a write that goes on
// or was interrupted: in a log it does not count, in a bundle there is none.
func lines(data []byte, whole bool) ([][]byte, error) {
	end := bytes.LastIndexByte(data, '\n')
	if whole && end != len(data)-1 {
		return nil, errors.New("the last line is not finished")
	}
	if end < 0 {
		return nil, nil
	}
	return bytes.Split(data[:end], []byte("\n")), nil
}

// tree holds the hashes of a log in the order in which tlog stores them.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(t)) {
			return nil, errors.New("a hash that is not there")
		}
		out[i] = t[index]
	}
	return out, nil
}

func grow(records [][]byte) (tree, error) {
	var t tree
	for i, record := range records {
		hashes, err := tlog.StoredHashes(int64(i), record, t)
		if err != nil {
			return nil, err
		}
		t = append(t, hashes...)
	}
	return t, nil
}

// readLog opens the files of a log; every checkpoint of the key must be a root of the records.
func readLog(vkey, dir string) (last checkpoint, records [][]byte, t tree, err error) {
	data, err := os.ReadFile(filepath.Join(dir, "records.jsonl"))
	if err != nil {
		return last, nil, nil, err
	}
	if records, err = lines(data, false); err != nil {
		return last, nil, nil, err
	}
	if t, err = grow(records); err != nil {
		return last, nil, nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "checkpoints", "[0-9]*"))
	if err != nil || len(names) == 0 {
		return last, nil, nil, errors.New("no checkpoint")
	}
	size := func(i int) int64 {
		n, _ := strconv.ParseInt(filepath.Base(names[i]), 10, 64)
		return n
	}
	sort.Slice(names, func(i, j int) bool { return size(i) > size(j) })
	for i, name := range names {
		if data, err = os.ReadFile(name); err != nil {
			return last, nil, nil, err
		}
		c, err := open(data, vkey)
		var unknown *note.UnverifiedNoteError
		if errors.As(err, &unknown) && i > 0 {
			continue
		}
		if err != nil {
			return last, nil, nil, fmt.Errorf("checkpoint %s: %v", filepath.Base(name), err)
		}
		if i == 0 {
			last = c
		}
		if strconv.FormatInt(c.size, 10) != filepath.Base(name) || c.origin != last.origin {
			return last, nil, nil, fmt.Errorf("checkpoint %s is another's", filepath.Base(name))
		}
		if c.size > int64(len(records)) {
			return last, nil, nil, errors.New("records are missing")
		}
		root, err := tlog.TreeHash(c.size, t)
		if err != nil || root != c.root {
			return last, nil, nil, fmt.Errorf("the first %d records are not those that were signed", c.size)
		}
	}
	return last, records, t, nil
}

func checkLog(vkey, dir string) (string, error) {
	last, records, _, err := readLog(vkey, dir)
	return fmt.Sprintf("%d %d", last.size, len(records)), err
}

// flip changes every byte of every sealed record in two ways and counts what passes its proof.
func flip(vkey, dir string) (string, error) {
	last, records, t, err := readLog(vkey, dir)
	if err != nil {
		return "", err
	}
	flipped, accepted := 0, 0
	for i, record := range records[:last.size] {
		n := int64(i)
		proof, err := tlog.ProveRecord(last.size, n, t)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(proof, last.size, last.root, n, tlog.RecordHash(record)); err != nil {
			return "", err
		}
		for at := range record {
			for _, mask := range []byte{0x01, 0x80} {
				record[at] ^= mask
				flipped++
				if tlog.CheckRecord(proof, last.size, last.root, n, tlog.RecordHash(record)) == nil {
					accepted++
				}
				record[at] ^= mask
			}
		}
	}
	if accepted > 0 {
		err = errors.New("changed records were accepted")
	}
	return fmt.Sprintf("flipped %d accepted %d", flipped, accepted), err
}

type proofs struct {
	Version     int
	Size        int64
	Start       int64
	Entity      *struct{ ID string }
	Edge        []string
	Consistency map[string]struct {
		Root  string
		Proof []string
	}
	Records []struct {
		Index int64
		Proof []string
	}
}

func checkBundle(vkey, path string) (string, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return "", err
	}
	defer archive.Close()
	members := map[string][]byte{}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return "", err
		}
		data, err := io.ReadAll(reader)
		if err != nil {
			return "", err
		}
		if members[file.Name] != nil {
			return "", errors.New("a member stands twice")
		}
		members[file.Name] = data
	}
	var p proofs
	if err := json.Unmarshal(members["proofs.json"], &p); err != nil {
		return "", err
	}
	last, err := open(members["checkpoint"], vkey)
	if err != nil {
		return "", err
	}
	records, err := lines(members["records.jsonl"], true)
	if err != nil {
		return "", err
	}
	if p.Version != 1 || last.size != p.Size {
		return "", errors.New("the proofs are not of this checkpoint")
	}
	var before checkpoint
	if p.Start > 0 {
		if before, err = open(members["previous-checkpoint"], vkey); err != nil {
			return "", err
		}
		if before.size != p.Start || before.origin != last.origin {
			return "", errors.New("the previous checkpoint is another's")
		}
		if err := continues(p, before, last); err != nil {
			return "", err
		}
	}
	switch {
	case p.Entity != nil:
		err = included(p, records, last)
	case p.Start > 0:
		err = appended(p, records, before, last)
	default:
		err = whole(records, last)
	}
	return fmt.Sprintf("%d %d", last.size, len(records)), err
}

func continues(p proofs, before, last checkpoint) error {
	if before.size == last.size {
		if before.root != last.root {
			return errors.New("two roots of one size")
		}
		return nil
	}
	given, found := p.Consistency[strconv.FormatInt(before.size, 10)]
	if !found {
		return errors.New("no proof from the previous checkpoint")
	}
	path, err := parseHashes(given.Proof)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, last.size, last.root, before.size, before.root)
}

func whole(records [][]byte, last checkpoint) error {
	t, err := grow(records)
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(int64(len(records)), t)
	if err != nil || int64(len(records)) != last.size || root != last.root {
		return errors.New("the records are not those that were signed")
	}
	return nil
}

func included(p proofs, records [][]byte, last checkpoint) error {
	if len(records) != len(p.Records) {
		return errors.New("not one proof for each record")
	}
	previous := int64(-1)
	for i, given := range p.Records {
		path, err := parseHashes(given.Proof)
		if err != nil || given.Index <= previous || given.Index >= last.size {
			return fmt.Errorf("record %d has no proof of its own", i+1)
		}
		previous = given.Index
		hash := tlog.RecordHash(records[i])
		if err := tlog.CheckRecord(path, last.size, last.root, given.Index, hash); err != nil {
			return fmt.Errorf("record %d: %v", i+1, err)
		}
	}
	return nil
}

// appended puts records on the right edge of the previous tree: a stack of complete subtrees.
func appended(p proofs, records [][]byte, before, last checkpoint) error {
	edge, err := parseHashes(p.Edge)
	if err != nil {
		return err
	}
	var levels []int
	for level := 62; level >= 0; level-- {
		if before.size>>level&1 == 1 {
			levels = append(levels, level)
		}
	}
	if len(levels) != len(edge) || fold(edge) != before.root {
		return errors.New("the edge is not that of the previous checkpoint")
	}
	for _, record := range records {
		hash, level := tlog.RecordHash(record), 0
		for len(levels) > 0 && levels[len(levels)-1] == level {
			hash = tlog.NodeHash(edge[len(edge)-1], hash)
			edge, levels, level = edge[:len(edge)-1], levels[:len(levels)-1], level+1
		}
		edge, levels = append(edge, hash), append(levels, level)
	}
	if before.size+int64(len(records)) != last.size || fold(edge) != last.root {
		return errors.New("not the records between the two checkpoints")
	}
	return nil
}

func fold(edge []tlog.Hash) tlog.Hash {
	root := edge[len(edge)-1]
	for i := len(edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(edge[i], root)
	}
	return root
}

// kase is one case of a table that two implementations must agree on.
type kase struct {
	Kind         string
	Index, Size  int64
	Size1, Size2 int64
	Leaf         string
	Record       []byte
	Root         string
	Root1, Root2 string
	Proof        []string
	Vkey         string
	Note         []byte
}

func (k kase) check() (err error) {
	defer func() {
		// A proof from outside must never end the program.
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if k.Kind == "note" {
		_, err := open(k.Note, k.Vkey)
		return err
	}
	proof, err := parseHashes(k.Proof)
	if err != nil {
		return err
	}
	if k.Kind == "consistency" {
		roots, err := parseHashes([]string{k.Root1, k.Root2})
		if err != nil {
			return err
		}
		// tlog proves growth from at least one record; the two trivial cases are RFC 9162's.
		if k.Size1 == 0 || k.Size1 == k.Size2 {
			if k.Size1 > k.Size2 || len(proof) > 0 || k.Size1 == k.Size2 && roots[0] != roots[1] {
				return errors.New("not a trivial proof")
			}
			return nil
		}
		return tlog.CheckTree(proof, k.Size2, roots[1], k.Size1, roots[0])
	}
	root, err := parseHash(k.Root)
	if err != nil {
		return err
	}
	hash := tlog.RecordHash(k.Record)
	if k.Kind == "inclusion" {
		if hash, err = parseHash(k.Leaf); err != nil {
			return err
		}
	}
	return tlog.CheckRecord(proof, k.Size, root, k.Index, hash)
}

func checkCases() int {
	in, out := bufio.NewScanner(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	in.Buffer(nil, 1<<24)
	for in.Scan() {
		var k kase
		err := json.Unmarshal(in.Bytes(), &k)
		if err == nil {
			err = k.check()
		}
		if err != nil {
			fmt.Fprintln(out, "bad", err)
		} else {
			fmt.Fprintln(out, "ok")
		}
	}
	return 0
}

func main() {
	commands := map[string]func(string, string) (string, error){
		"log": checkLog, "bundle": checkBundle, "flip": flip,
	}
	if len(os.Args) == 2 && os.Args[1] == "cases" {
		os.Exit(checkCases())
	}
	if len(os.Args) < 4 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: verify log|bundle|flip VKEY PATH..., or verify cases")
		os.Exit(2)
	}
	status := 0
	for _, path := range os.Args[3:] {
		if said, err := commands[os.Args[1]](os.Args[2], path); err != nil {
			fmt.Println("bad", err)
			status = 1
		} else {
			fmt.Println("ok", said)
		}
	}
	os.Exit(status)
}
