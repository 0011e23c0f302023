// A TLS server of Go's crypto/tls: says of each connection what was negotiated, or why it failed.
// server CERT KEY PORT; each connection is read until it ends.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"os"
	"time"
)

func serve(conn *tls.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if err := conn.Handshake(); err != nil {
		fmt.Println("failed:", err)
		return
	}
	state := conn.ConnectionState()
	fmt.Printf("completed: %04x %s\n", state.Version, tls.CipherSuiteName(state.CipherSuite))
	if _, err := io.Copy(io.Discard, conn); err != nil {
		fmt.Println("failed:", err)
	}
}

func main() {
	pair, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	var suites []uint16
	for _, list := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, suite := range list {
			suites = append(suites, suite.ID)
		}
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, CipherSuites: suites,
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:"+os.Args[3], config)
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(conn.(*tls.Conn))
	}
}
