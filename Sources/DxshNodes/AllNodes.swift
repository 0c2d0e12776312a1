package import DxshRuntime

/// The native nodes. Each has its declaration in `stdlib/`, bound by name.
package enum AllNodes {
  package static let list: [any NodeImplementation] = [
    CSVFormatNode(),
    CSVParseNode(),
    DebugEchoNode(),
    DebugSleepNode(),
    FileCopyNode(),
    FileKeepNode(),
    FileListNode(),
    FileMakeNode(),
    FileReadNode(),
    FileTextNode(),
    FileWriteNode(),
    HTTPGetNode(),
    HTTPPostNode(),
    HTTPRequestNode(),
    JSONFormatNode(),
    LogInfoNode(),
    ShellRunNode(),
    ShellScriptNode(),
    SQLiteExecuteNode(),
    SQLiteQueryNode(),
    TimeNowNode(),
  ]
}
