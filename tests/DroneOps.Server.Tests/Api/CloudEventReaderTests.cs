using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Webhooks;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;

namespace DroneOps.Server.Tests.Api;

/// <summary>The reader against bytes of the CNCF's SDK for JavaScript 10.0.0 (tests/Golden/cloudevents), the examples of the specification's JSON
/// event format, and whatever comes to mind.</summary>
public sealed class CloudEventReaderTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "cloudevents");

    [Fact]
    public void An_event_of_another_implementation_is_read_in_structured_mode() => AssertGolden(Structured(File.ReadAllText(Path.Combine(Folder, "structured.json"))));

    [Fact]
    public void An_event_of_another_implementation_is_read_in_binary_mode()
    {
        var parts = File.ReadAllText(Path.Combine(Folder, "binary.http")).Split("\n\n", 2);
        var headers = new HeaderDictionary();
        foreach (var line in parts[0].Split('\n'))
            headers[line[..line.IndexOf(": ", StringComparison.Ordinal)]] = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        List<Fault> faults = [];
        AssertGolden(CloudEventReader.ReadBinary(headers, Encoding.UTF8.GetBytes(parts[1]), faults));
        Assert.Empty(faults);
    }

    [Fact]
    public void A_batch_of_another_implementation_is_read()
    {
        List<Fault> faults = [];
        var read = CloudEventReader.ReadBatch(File.ReadAllBytes(Path.Combine(Folder, "batch.json")), faults);
        Assert.Empty(faults);
        AssertGolden(read![0]);
        Assert.Equal(("2", "urn:example:110", "cn.droneops.incident.closed", "JQ-2026-0001"), (read[1].Id, read[1].Source, read[1].Type, read[1].Subject));
    }

    [Fact]
    public void The_specifications_examples_are_read_where_their_data_is_JSON()
    {
        var example = Structured("""
            {"specversion":"1.0","type":"com.github.pull_request.opened","source":"https://github.com/cloudevents/spec/pull","subject":"123","id":"A234-1234-1234","time":"2018-04-05T17:31:00Z",
             "comexampleextension1":"value","comexampleothervalue":5,"unsetextension":null,"datacontenttype":"application/json","data":{"appinfoA":"abc","appinfoB":123,"appinfoC":true}}
            """);
        Assert.Equal(("https://github.com/cloudevents/spec/pull", "123", 123), (example!.Source, example.Subject, example.Data.GetProperty("appinfoB").GetInt32()));
        var base64 = Structured("""{"specversion":"1.0","id":"1","source":"/a","type":"t","datacontenttype":"application/vnd.apache.thrift+json","data_base64":"eyJhIjoxfQ=="}""");
        Assert.Equal(1, base64!.Data.GetProperty("a").GetInt32());
        Assert.Empty(CloudEventReader.ReadBatch("[]"u8.ToArray(), [])!);
    }

    [Theory]
    [InlineData("""[]""", "#")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a"}""", "#/type")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"/a","type":"t"}""", "#/specversion")]
    [InlineData("""{"id":"1","source":"/a","type":"t"}""", "#/specversion")]
    [InlineData("""{"specversion":"1.0","id":"","source":"/a","type":"t"}""", "#/id")]
    [InlineData("""{"specversion":"1.0","id":1,"source":"/a","type":"t"}""", "#/id")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"not a uri","type":"t"}""", "#/source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"yesterday"}""", "#/time")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","subject":""}""", "#/subject")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","datacontenttype":"text/xml","data":"<a/>"}""", "#/datacontenttype")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{},"data_base64":"e30="}""", "#/data_base64")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","data_base64":"%"}""", "#/data_base64")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","my-extension":"x"}""", "#/my-extension")]
    [InlineData("""{"specversion":"1.0","id":"1","id":"2","source":"/a","type":"t"}""", "#")]
    [InlineData("""{"specversion":"1.0","id":"\ud800","source":"/a","type":"t"}""", "#")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"\udc00":1}}""", "#")]
    [InlineData("""{"specversion":"1.0",""", "#")]
    public void What_is_no_event_is_refused_with_the_attribute(string json, string place)
    {
        List<Fault> faults = [];
        Assert.Null(CloudEventReader.ReadStructured(Encoding.UTF8.GetBytes(json), faults));
        Assert.Contains(place, faults.Select(fault => fault.Pointer));
        faults.Clear();
        Assert.Null(CloudEventReader.ReadBatch(Encoding.UTF8.GetBytes($$"""[{"specversion":"1.0","id":"1","source":"/a","type":"t"},{{json}}]"""), faults));
        Assert.Contains(place == "#" ? faults[0].Pointer : place.Replace("#", "#/1", StringComparison.Ordinal), faults.Select(fault => fault.Pointer));
    }

    [Theory]
    [InlineData("ce-id", "", "ce-id")]
    [InlineData("ce-id", "%zz", "ce-id")]
    [InlineData("ce-id", "%ff", "ce-id")]
    [InlineData("ce-source", "a b", "ce-source")]
    [InlineData("Content-Type", "text/plain", "Content-Type")]
    public void A_wrong_header_is_named(string header, string value, string place)
    {
        var headers = new HeaderDictionary { ["ce-specversion"] = "1.0", ["ce-id"] = "1", ["ce-source"] = "/a", ["ce-type"] = "t", ["Content-Type"] = "application/json" };
        headers["ce-subject"] = "%E8%AD%A6%E6%83%85 1";
        Assert.Equal("警情 1", CloudEventReader.ReadBinary(headers, "{}"u8.ToArray(), [])!.Subject);
        headers[header] = value;
        List<Fault> faults = [];
        Assert.Null(CloudEventReader.ReadBinary(headers, "{}"u8.ToArray(), faults));
        Assert.Contains(place, faults.Select(fault => fault.Pointer));
    }

    [Property]
    public bool What_we_send_is_what_we_read(PositiveInt id, NonNull<string> text, DateTimeOffset time)
    {
        var data = JsonSerializer.Serialize(new { text = text.Get });
        var at = new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        List<Fault> faults = [];
        var read = CloudEventReader.ReadStructured(Envelope.Write("droneops", $"{id.Get}", "cn.droneops.ping", "webhook/1", at, data), faults);
        return faults.Count == 0 && read is { Source: "//droneops", Type: "cn.droneops.ping", Subject: "webhook/1" } && read.Id == $"{id.Get}" && read.Time == at && read.Data.GetRawText() == data;
    }

    [Property]
    public bool No_bytes_are_read_without_an_event_or_a_reason(byte[] bytes)
    {
        List<Fault> one = [], many = [];
        return (CloudEventReader.ReadStructured(bytes, one) is null) == (one.Count > 0) && (CloudEventReader.ReadBatch(bytes, many) is null) == (many.Count > 0);
    }

    private static CloudEvent? Structured(string json)
    {
        List<Fault> faults = [];
        var read = CloudEventReader.ReadStructured(Encoding.UTF8.GetBytes(json), faults);
        Assert.Empty(faults);
        return read;
    }

    private static void AssertGolden(CloudEvent? read)
    {
        Assert.Equal(("A234-1234-1234", "//dispatch.example/110", "cn.droneops.incident.reported", "JQ-2026-0001"), (read!.Id, read.Source, read.Type, read.Subject));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 0, 0, 0, 250, TimeSpan.Zero), read.Time);
        Assert.Equal("电动车被盗", read.Data.GetProperty("summary").GetString());
    }
}
