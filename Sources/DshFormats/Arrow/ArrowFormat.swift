// The format `arrow`, which is known by name only.

struct ArrowFormat: FileFormat {
  let name = "arrow"
  let extensions = ["arrow", "arrows", "feather", "ipc"]
  let summary = "Arrow's own columns in a file or a stream."
}
