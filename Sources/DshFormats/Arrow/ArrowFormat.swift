// The format `arrow`: its file, which is Feather version 2 as well, and its stream.

struct ArrowFormat: FileFormat {
  let name = "arrow"
  let extensions = ["arrow", "arrows", "feather", "ipc"]
  let summary = "Arrow's own columns in a file or a stream."
  let reading: (any FormatReading)? = ArrowReading()
  let writing: (any FormatWriting)? = ArrowWriting()
  let streaming: (any FormatStreaming)? = ArrowStreaming()
}
