module kumo.dev/handson

go 1.26
