namespace DroneOps.Simulator;

/// <summary>Receives one datagram of a vehicle; the bytes are valid during the call only.</summary>
internal delegate void DatagramSink(ReadOnlySpan<byte> datagram);
