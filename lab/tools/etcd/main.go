// SPDX-License-Identifier: Apache-2.0

// etcd, built from its server module: that module has no main package of its own.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
