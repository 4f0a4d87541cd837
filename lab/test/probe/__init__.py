# SPDX-License-Identifier: Apache-2.0
"""Traffic of many pods from one process: its sockets are in the pods' network namespaces, its loop serves and asks for all."""
