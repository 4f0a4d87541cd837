// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(handler("blue"))
	defer server.Close()
	response, err := http.Get(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestRootIsHTML(t *testing.T) {
	response, _ := get(t, "/")
	if response.StatusCode != 200 || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
}

func TestColourAndPeer(t *testing.T) {
	if _, body := get(t, "/color"); body != "blue\n" {
		t.Fatalf("colour %q", body)
	}
	if _, body := get(t, "/peer"); body != "127.0.0.1\n" {
		t.Fatalf("peer %q", body)
	}
}

func TestAnyOtherPathIsEchoed(t *testing.T) {
	_, body := get(t, "/old/a?b=c")
	var said struct {
		Method, Path string
		Headers      http.Header
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		t.Fatal(err)
	}
	if said.Method != "GET" || said.Path != "/old/a?b=c" || said.Headers.Get("User-Agent") == "" {
		t.Fatalf("%+v", said)
	}
}

func TestDatagramIsAnsweredWithItsSendersAddress(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go answerDatagrams(server)
	client, err := net.Dial("udp", server.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Write([]byte("peer")); err != nil {
		t.Fatal(err)
	}
	if err := client.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 64)
	n, err := client.Read(answer)
	if err != nil {
		t.Fatal(err)
	}
	if string(answer[:n]) != "127.0.0.1\n" {
		t.Fatalf("answer %q", answer[:n])
	}
}
