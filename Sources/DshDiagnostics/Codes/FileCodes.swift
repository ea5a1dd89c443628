// Codes of files and folders: what is in them, and what the system says of them.

extension DiagnosticCode {
  public static let fileNotFound = DiagnosticCode("file-not-found", .user, "There is no such file or folder")
  public static let fileExists = DiagnosticCode("file-exists", .user, "Something is there already that would be replaced")
  public static let isAFolder = DiagnosticCode("is-a-folder", .user, "A folder stands where a file has to")
  public static let notAFolder = DiagnosticCode("not-a-folder", .user, "A file stands where a folder has to")
  public static let notAFile = DiagnosticCode("not-a-file", .user, "It is no file that could be read in parts")
  public static let folderInUse = DiagnosticCode("folder-in-use", .user, "A folder can't be replaced as a whole while something uses it")
  public static let folderMixed = DiagnosticCode("folder-mixed", .user, "New files would mix with others in the folder")
  public static let patternTooWide = DiagnosticCode("pattern-too-wide", .user, "A pattern of paths has too many alternatives")
  public static let inputTaken = DiagnosticCode("input-taken", .user, "Standard input is taken by something else")
  public static let unsafe = DiagnosticCode("unsafe", .user, "Safe mode does not allow it")
  public static let unknownFormat = DiagnosticCode(
    "unknown-format", .user, "The format of a file can't be told, or there is no such format")
  public static let otherFormat = DiagnosticCode("other-format", .user, "A file has another format than the one it is read as")
  public static let notUTF8 = DiagnosticCode("not-utf8", .user, "A text is not UTF-8")
  public static let notUTF16 = DiagnosticCode("not-utf16", .user, "A text is not UTF-16")
  public static let byteOrder = DiagnosticCode("byte-order", .user, "Nothing tells the order of bytes of a UTF-16 text")
  public static let raggedRow = DiagnosticCode("ragged-row", .user, "A row has too few or too many cells")
  public static let cellType = DiagnosticCode("cell-type", .user, "A cell is not of its column's type")
  public static let recordTooLong = DiagnosticCode("record-too-long", .user, "A record is longer than a record may be")
  public static let unterminatedQuote = DiagnosticCode("unterminated-quote", .user, "A quote in a file is opened and never closed")
  public static let badFile = DiagnosticCode("bad-file", .user, "A file is damaged, or not what its format says it has to be")
  public static let decompressionLimit = DiagnosticCode(
    "decompression-limit", .user, "Compressed data becomes more than is taken for granted")
  public static let invalidJSON = DiagnosticCode("invalid-json", .user, "A file is not written as JSON is")
  public static let textChanged = DiagnosticCode("text-changed", .user, "Text that was passed on already can't be made again as it was")
  public static let permissionDenied = DiagnosticCode("permission-denied", .environment, "The system does not allow it")
  public static let foreignFile = DiagnosticCode(
    "foreign-file", .environment, "A file or folder has to be this user's alone, and others have a hand in it")
  public static let unexpectedLink = DiagnosticCode("unexpected-link", .environment, "A link stands where none is followed")
  public static let diskFull = DiagnosticCode("disk-full", .environment, "There is no space left")
  public static let fileTooLarge = DiagnosticCode("file-too-large", .environment, "A file is larger than it may be")
  public static let fileChanged = DiagnosticCode("file-changed", .environment, "A file changed while it was read")
  public static let unstableFile = DiagnosticCode("unstable-file", .environment, "A file keeps changing while it is read")
  public static let remoteFile = DiagnosticCode("remote-file", .environment, "A file at an address can't be read")
  public static let brokenPipe = DiagnosticCode("broken-pipe", .environment, "Nobody reads the output any more")
  public static let streamClosed = DiagnosticCode("stream-closed", .environment, "A stream was closed by whoever started the program")
  public static let tooManyOpenFiles = DiagnosticCode("too-many-open-files", .environment, "A limit of open files is reached")
  public static let outOfMemory = DiagnosticCode("out-of-memory", .environment, "The system has no memory left, or gives none")
  public static let noResources = DiagnosticCode("no-resources", .environment, "The system can start no more threads or processes")
  public static let stackTooSmall = DiagnosticCode("stack-too-small", .environment, "A thread has too little stack to work with")
  public static let systemError = DiagnosticCode("system-error", .environment, "The system refused for another reason")

  static let fileCodes: [DiagnosticCode] = [
    .fileNotFound, .fileExists, .isAFolder, .notAFolder, .notAFile, .folderInUse, .folderMixed, .patternTooWide, .inputTaken, .unsafe,
    .unknownFormat, .otherFormat, .notUTF8, .notUTF16, .byteOrder, .raggedRow, .cellType, .recordTooLong, .unterminatedQuote,
    .badFile, .decompressionLimit, .invalidJSON, .textChanged, .permissionDenied, .foreignFile,
    .unexpectedLink, .diskFull, .fileTooLarge, .fileChanged, .unstableFile,
    .remoteFile, .brokenPipe, .streamClosed,
    .tooManyOpenFiles, .outOfMemory, .noResources, .stackTooSmall, .systemError,
  ]
}
