// SPDX-License-Identifier: Apache-2.0

// The hands-on chapter's application: says a colour, says who asked, says what was asked. HTTP/1.1 and h2c over TCP on one
// port, and the client's address to each datagram on the same port over UDP.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const version = "1"

func main() {
	address := flag.String("listen", ":8080", "address to listen on, TCP and UDP")
	askVersion := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if *askVersion {
		fmt.Println("handson", version)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := serve(ctx, *address, os.Getenv("COLOR")); err != nil {
		log.Fatal(err)
	}
}

// serve answers until ctx ends, then lets requests in flight finish.
func serve(ctx context.Context, address, color string) error {
	datagrams, err := net.ListenPacket("udp", address)
	if err != nil {
		return err
	}
	defer datagrams.Close()
	go answerDatagrams(datagrams)

	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Addr: address, Handler: handler(color), Protocols: protocols, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	log.Printf("listening on %s", address)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

func handler(color string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html>\n<title>Hands-on</title>\n<h1 style=\"color: %s\">Hands-on</h1>\n", color)
	})
	mux.HandleFunc("/color", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, color) })
	mux.HandleFunc("/peer", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, host(r.RemoteAddr)) })
	mux.HandleFunc("/", echo)
	return mux
}

// echo answers what was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	headers := r.Header.Clone()
	headers.Set("Host", r.Host)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(map[string]any{"method": r.Method, "path": r.URL.RequestURI(), "headers": headers}); err != nil {
		log.Printf("%s: %v", r.RemoteAddr, err)
	}
}

// answerDatagrams sends each datagram's sender its own address.
func answerDatagrams(datagrams net.PacketConn) {
	buffer := make([]byte, 2048)
	for {
		_, from, err := datagrams.ReadFrom(buffer)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			log.Printf("datagram: %v", err)
			continue
		}
		if _, err := datagrams.WriteTo([]byte(host(from.String())+"\n"), from); err != nil {
			log.Printf("%s: %v", from, err)
		}
	}
}

// host is the address without its port; IPv4 also where the socket is IPv6.
func host(remote string) string {
	address, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	if ip := net.ParseIP(address).To4(); ip != nil {
		return ip.String()
	}
	return address
}
