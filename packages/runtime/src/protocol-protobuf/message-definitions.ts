/** What plugin-server.proto says; generated from it by scripts/generate-message-definitions.mjs. */
export const MESSAGE_DEFINITIONS = `
syntax = "proto3";
package kong_ts;

message Command {
  int64 sequence = 1;
  oneof command {
    StartInstance start_instance = 33;
    InstanceNumber close_instance = 35;
    HandleEvent handle_event = 36;
  }
}
message StartInstance { string name = 1; bytes config = 2; }
message InstanceNumber { int32 instance_id = 1; }
message HandleEvent { int32 instance_id = 1; string event_name = 2; }
message Done { int64 sequence = 1; InstanceState instance = 33; }
message InstanceState { string name = 1; int32 instance_id = 2; Value config = 3; int64 started_at = 4; }

message Value {
  oneof kind {
    int32 nil = 1;
    double number = 2;
    string text = 3;
    bool flag = 4;
    Table table = 5;
    List list = 6;
  }
}
message Table { repeated Member members = 1; }
message Member { string key = 1; Value value = 2; }
message List { repeated Value items = 1; }

message Nothing {}
message Flag { optional bool v = 1; }
message Whole { optional int32 v = 1; }
message Real { optional double v = 1; }
message Text { optional string v = 1; }
message Bytes { optional bytes v = 1; }
message Pair { optional string k = 1; Value v = 2; }
message Exit { optional int32 status = 1; optional bytes body = 2; Table headers = 3; }
message RequestBody {
  oneof kind {
    bytes content = 1;
    string file = 2;
    string error = 3;
  }
}
message Captures { repeated string unnamed = 1; repeated NamedCapture named = 2; }
message NamedCapture { string key = 1; string value = 2; }
message Reference { optional string id = 1; }
message Route {
  optional string id = 1;
  optional int64 created_at = 2;
  optional int64 updated_at = 3;
  optional string name = 4;
  repeated string protocols = 5;
  repeated string methods = 6;
  repeated string hosts = 7;
  repeated string paths = 8;
  optional int32 https_redirect_status_code = 10;
  optional int32 regex_priority = 11;
  optional bool strip_path = 12;
  optional bool preserve_host = 13;
  repeated string snis = 14;
  repeated string tags = 17;
  Reference service = 18;
}
message Service {
  optional string id = 1;
  optional int64 created_at = 2;
  optional int64 updated_at = 3;
  optional string name = 4;
  optional int32 retries = 5;
  optional string protocol = 6;
  optional string host = 7;
  optional int32 port = 8;
  optional string path = 9;
  optional int32 connect_timeout = 10;
  optional int32 write_timeout = 11;
  optional int32 read_timeout = 12;
  repeated string tags = 13;
  Reference client_certificate = 14;
}
message Target { optional string host = 1; optional int32 port = 2; }
message ConsumerQuestion { optional string id = 1; optional bool by_username = 2; }
message Consumer {
  optional string id = 1;
  optional int64 created_at = 2;
  optional string username = 3;
  optional string custom_id = 4;
  repeated string tags = 5;
}
message Credential { optional string id = 1; optional string consumer_id = 2; }
message Authentication { Consumer consumer = 1; Credential credential = 2; }
message Memory { Dictionaries lua_shared_dicts = 1; repeated WorkerMemory workers_lua_vms = 2; }
message Dictionaries { Dictionary kong = 1; Dictionary kong_db_cache = 2; }
message Dictionary { optional int64 allocated_slabs = 1; optional int64 capacity = 2; }
message WorkerMemory { optional int64 http_allocated_gc = 1; optional int64 pid = 2; }

service Kong {
  rpc Client_GetIp(Nothing) returns (Text);
  rpc Client_GetForwardedIp(Nothing) returns (Text);
  rpc Client_GetPort(Nothing) returns (Whole);
  rpc Client_GetForwardedPort(Nothing) returns (Whole);
  rpc Client_GetCredential(Nothing) returns (Credential);
  rpc Client_LoadConsumer(ConsumerQuestion) returns (Consumer);
  rpc Client_GetConsumer(Nothing) returns (Consumer);
  rpc Client_Authenticate(Authentication) returns (Nothing);
  rpc Client_GetProtocol(Flag) returns (Text);
  rpc Ctx_GetShared(Text) returns (Value);
  rpc Ctx_SetShared(Pair) returns (Nothing);
  rpc Ip_IsTrusted(Text) returns (Flag);
  rpc Log_Debug(List) returns (Nothing);
  rpc Log_Info(List) returns (Nothing);
  rpc Log_Notice(List) returns (Nothing);
  rpc Log_Warn(List) returns (Nothing);
  rpc Log_Err(List) returns (Nothing);
  rpc Log_Crit(List) returns (Nothing);
  rpc Log_Alert(List) returns (Nothing);
  rpc Log_SetSerializeValue(Pair) returns (Nothing);
  rpc Log_Serialize(Nothing) returns (Text);
  rpc Nginx_GetSubsystem(Nothing) returns (Text);
  rpc Nginx_GetVar(Text) returns (Text);
  rpc Nginx_GetTls1VersionStr(Nothing) returns (Text);
  rpc Nginx_GetCtx(Text) returns (Value);
  rpc Nginx_SetCtx(Pair) returns (Text);
  rpc Nginx_ReqStartTime(Nothing) returns (Real);
  rpc Node_GetId(Nothing) returns (Text);
  rpc Node_GetMemoryStats(Nothing) returns (Memory);
  rpc Request_GetScheme(Nothing) returns (Text);
  rpc Request_GetHost(Nothing) returns (Text);
  rpc Request_GetPort(Nothing) returns (Whole);
  rpc Request_GetForwardedScheme(Nothing) returns (Text);
  rpc Request_GetForwardedHost(Nothing) returns (Text);
  rpc Request_GetForwardedPort(Nothing) returns (Whole);
  rpc Request_GetHttpVersion(Nothing) returns (Real);
  rpc Request_GetMethod(Nothing) returns (Text);
  rpc Request_GetPath(Nothing) returns (Text);
  rpc Request_GetPathWithQuery(Nothing) returns (Text);
  rpc Request_GetRawQuery(Nothing) returns (Text);
  rpc Request_GetQueryArg(Text) returns (Text);
  rpc Request_GetQuery(Whole) returns (Table);
  rpc Request_GetHeader(Text) returns (Text);
  rpc Request_GetHeaders(Whole) returns (Table);
  rpc Request_GetRawBody(Nothing) returns (RequestBody);
  rpc Request_GetUriCaptures(Nothing) returns (Captures);
  rpc Response_GetStatus(Nothing) returns (Whole);
  rpc Response_GetHeader(Text) returns (Text);
  rpc Response_GetHeaders(Whole) returns (Table);
  rpc Response_GetSource(Nothing) returns (Text);
  rpc Response_SetStatus(Whole) returns (Nothing);
  rpc Response_SetHeader(Pair) returns (Nothing);
  rpc Response_AddHeader(Pair) returns (Nothing);
  rpc Response_ClearHeader(Text) returns (Nothing);
  rpc Response_SetHeaders(Table) returns (Nothing);
  rpc Response_Exit(Exit) returns (Nothing);
  rpc Router_GetRoute(Nothing) returns (Route);
  rpc Router_GetService(Nothing) returns (Service);
  rpc Service_SetUpstream(Text) returns (Flag);
  rpc Service_SetTarget(Target) returns (Nothing);
  rpc Service_Request_SetScheme(Text) returns (Nothing);
  rpc Service_Request_SetPath(Text) returns (Nothing);
  rpc Service_Request_SetRawQuery(Text) returns (Nothing);
  rpc Service_Request_SetMethod(Text) returns (Nothing);
  rpc Service_Request_SetQuery(Table) returns (Nothing);
  rpc Service_Request_SetHeader(Pair) returns (Nothing);
  rpc Service_Request_AddHeader(Pair) returns (Nothing);
  rpc Service_Request_ClearHeader(Text) returns (Nothing);
  rpc Service_Request_SetHeaders(Table) returns (Nothing);
  rpc Service_Request_SetRawBody(Bytes) returns (Nothing);
  rpc Service_Response_GetStatus(Nothing) returns (Whole);
  rpc Service_Response_GetHeader(Text) returns (Text);
  rpc Service_Response_GetHeaders(Whole) returns (Table);
  rpc Service_Response_GetRawBody(Nothing) returns (Bytes);
}
`
