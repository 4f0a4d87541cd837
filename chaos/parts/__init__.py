# SPDX-License-Identifier: Apache-2.0
"""Parts: each a module whose faults are registered in the order in which they are made."""
