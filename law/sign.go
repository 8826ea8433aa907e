package law

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"

	"tradewind/fault"
)

// Key is a public key that the reader of a pack trusts.
type Key struct {
	Name string
	key  ed25519.PublicKey
}

// ParseKey reads a public key: 32 bytes in base64. Anything else is fault.Invalid.
func ParseKey(name, text string) (Key, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return Key{}, fault.New(fault.Invalid, "E-LAW-KEY", fault.A("name", name), fault.A("value", text))
	}
	return Key{name, raw}, nil
}

// Verify returns the name of the key that signed a pack: sig is the detached signature of
// its bytes, 64 bytes in base64. A signature of none of the keys is fault.Denied; file is
// the pack's name in the message.
//
// Source: S. Josefsson, I. Liusvaara, RFC 8032, Edwards-Curve Digital Signature Algorithm.
func Verify(file string, data, sig []byte, keys []Key) (signer string, err error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(sig)))
	if err == nil && len(raw) == ed25519.SignatureSize {
		for _, k := range keys {
			if ed25519.Verify(k.key, data, raw) {
				return k.Name, nil
			}
		}
	}
	return "", fault.New(fault.Denied, "E-LAW-SIGNATURE", fault.A("file", file))
}
