// The message ALTITUDE (141) has the name of the value type; in this project the word means the value.
global using Altitude = DroneOps.Mavlink.Altitude;
