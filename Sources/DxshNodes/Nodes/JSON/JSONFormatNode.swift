import DxshExpressions
package import DxshRuntime

/// `json.format`: a value as JSON text.
package struct JSONFormatNode: ImmediateNode {
  package let name = "json.format"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    do throws(JSONWriteError) {
      let text = try JSONWriter.write(call["value"], indented: call.bool("indent"))
      return .value(.string(Text(validUTF8: text)))
    } catch {
      throw NodeFailure("encode", "value\(error.path): \(error.message)")
    }
  }
}
