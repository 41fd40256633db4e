//! Why a check did not pass, in the reader's language. Reason codes stay as they are.

use domain::{
    CertificateFault, DnsFault, Failure, MalformedAnswer, Outcome, OwnFault, StoreFault, Timestamp, TlsAlert, TlsFault,
};

use crate::Language;

/// What a check saw, where it did not pass.
pub(crate) fn outcome(outcome: &Outcome, language: Language) -> Option<String> {
    match outcome {
        Outcome::Pass => None,
        Outcome::Fail(cause) => Some(failure(cause, language)),
        Outcome::Unknown(fault) => Some(own_fault(fault, language)),
    }
}

/// Why a target failed.
pub(crate) fn failure(failure: &Failure, language: Language) -> String {
    match language {
        Language::En => failure.to_string(),
        Language::Ko => failure_ko(failure),
    }
}

/// Why we could not see.
pub(crate) fn own_fault(fault: &OwnFault, language: Language) -> String {
    match language {
        Language::En => fault.to_string(),
        Language::Ko => own_fault_ko(fault),
    }
}

/// Why the store does not take what we see.
pub(crate) fn store(fault: &StoreFault, language: Language) -> String {
    match language {
        Language::En => fault.to_string(),
        Language::Ko => store_ko(fault),
    }
}

fn store_ko(fault: &StoreFault) -> String {
    let text = match fault {
        StoreFault::Full => "디스크가 가득 참. 공간을 확보하세요",
        StoreFault::ReadOnly => "데이터 파일이 읽기 전용임. 파일, 디렉터리, 파일 시스템을 쓸 수 있게 하세요",
        StoreFault::Gone => "데이터 파일이 옮겨지거나 삭제됨. 되돌려 놓거나, 다시 시작하여 빈 파일로 시작하세요",
        StoreFault::Io(text) => return format!("데이터 파일의 디스크 오류. 시스템 로그를 확인하세요 ({text})"),
        StoreFault::Busy => "다른 프로그램이 데이터 파일을 잠그고 있음. 열어 둔 것(sqlite3 셸, 백업)을 닫으세요",
        StoreFault::Corrupt(text) => {
            return format!("데이터 파일이 손상됨. Drainboard를 멈추고 백업에서 복원하세요 ({text})");
        }
        StoreFault::Slow => "디스크가 1초 넘게 쓰기를 끝내지 못함",
        StoreFault::Unconfirmed => {
            "디스크가 3초 안에 확인하지 않음. 저장되었을 수도 있으니 다시 시도하기 전에 페이지를 확인하세요"
        }
        StoreFault::Other(text) => text,
    };
    text.to_owned()
}

fn failure_ko(failure: &Failure) -> String {
    match failure {
        Failure::ConnectionRefused => "연결이 거부됨".to_owned(),
        Failure::ConnectionReset => "대상이 연결을 재설정함".to_owned(),
        Failure::ConnectionClosed => "응답이 끝나기 전에 연결이 닫힘".to_owned(),
        Failure::HostUnreachable => "호스트에 연결할 수 없음".to_owned(),
        Failure::Connection(text) => format!("연결 실패: {text}"),
        Failure::Timeout { after_ms } => format!("{after_ms}ms 안에 응답 없음"),
        Failure::Status { code, expected } => format!("{code}, 기대한 코드는 {expected}"),
        Failure::BodyMismatch(text) => format!("본문에 {text:?}이(가) 없음"),
        Failure::Malformed(answer) => format!("잘못된 형식의 응답: {}", malformed_ko(answer)),
        Failure::HeadersTooLarge => "응답 헤더가 너무 큼".to_owned(),
        Failure::Tls(fault) => tls_ko(fault),
        Failure::Dns(fault) => dns_ko(fault),
        Failure::Forbidden(address) => format!("이름이 확인하지 않는 주소 {address}(으)로 연결됨"),
    }
}

fn malformed_ko(answer: &MalformedAnswer) -> String {
    let text = match answer {
        MalformedAnswer::SpeaksTls => "포트가 TLS를 사용함. HTTPS로 확인하세요",
        MalformedAnswer::NotHttp1(begin) => return format!("HTTP/1로 시작하지 않음: {begin:?}"),
        MalformedAnswer::TooManyInterim(max) => return format!("중간 응답(1xx)이 {max}개를 넘음"),
        MalformedAnswer::StatusCode(code) => return format!("상태 코드 {code:03}"),
        MalformedAnswer::StatusLine => "상태 줄을 읽을 수 없음",
        MalformedAnswer::HeaderName => "잘못된 헤더 이름",
        MalformedAnswer::HeaderValue => "잘못된 헤더 값",
        MalformedAnswer::LineEnd => "줄이 끝나야 할 곳에서 끝나지 않음",
        MalformedAnswer::ChunkSize => "청크 크기를 읽을 수 없음",
        MalformedAnswer::ChunkEnd => "청크가 끝나야 할 곳에서 끝나지 않음",
        MalformedAnswer::LengthsDiffer => "서로 다른 Content-Length 값",
        MalformedAnswer::LengthNotANumber => "Content-Length가 숫자가 아님",
        MalformedAnswer::Other(text) => text,
    };
    text.to_owned()
}

fn tls_ko(fault: &TlsFault) -> String {
    let day = |at: &Timestamp| at.to_string().get(..10).unwrap_or_default().to_owned();
    match fault {
        TlsFault::Expired(at) => format!("인증서가 {}에 만료됨", day(at)),
        TlsFault::NotYetValid(at) => format!("인증서가 {}부터 유효함", day(at)),
        TlsFault::WrongName { wanted, presented } => format!("인증서가 {wanted}용이 아님. 인증서의 이름: {presented}"),
        TlsFault::UnknownIssuer => "신뢰하지 않는 발급자의 인증서".to_owned(),
        TlsFault::Revoked => "취소된 인증서".to_owned(),
        TlsFault::Certificate(fault) => format!("인증서를 받아들일 수 없음: {}", certificate_ko(fault)),
        TlsFault::Incompatible => "공통 TLS 버전이나 암호가 없음 (TLS 1.2와 1.3 지원)".to_owned(),
        TlsFault::NotTls => "포트가 TLS를 사용하지 않음".to_owned(),
        TlsFault::Alert(alert) => format!("대상이 TLS를 거부함: {}", alert_ko(alert)),
        TlsFault::NotAServerName(host) => {
            format!("{host}은(는) TLS 서버 이름으로 쓸 수 없음. 상태 확인에서 다른 이름을 지정하세요")
        }
        TlsFault::Misbehaved => "대상이 TLS 규칙을 지키지 않음".to_owned(),
        TlsFault::Failed => "TLS 실패".to_owned(),
    }
}

fn certificate_ko(fault: &CertificateFault) -> &str {
    match fault {
        CertificateFault::NoneSent => "인증서를 보내지 않음",
        CertificateFault::TooLong => "인증서 체인이 64KiB보다 김",
        CertificateFault::Authority => "서버 인증서가 아니라 인증 기관 자체의 인증서(자체 서명, CA:TRUE)",
        CertificateFault::Signature => "발급자의 서명이 아님",
        CertificateFault::Unreadable => "읽을 수 없음",
        CertificateFault::Version1 => "지원하지 않는 버전 1 인증서. 버전 3으로 발급하세요",
        CertificateFault::Algorithm => "지원하지 않는 서명 알고리즘",
        CertificateFault::Purpose => "서버용이 아님(확장 키 사용)",
        CertificateFault::Rules => "인증서 규칙(RFC 5280)에 맞지 않음",
        CertificateFault::Other(text) => text,
    }
}

fn alert_ko(alert: &TlsAlert) -> String {
    let text = match alert {
        TlsAlert::HandshakeFailure => "핸드셰이크 실패",
        TlsAlert::InsufficientSecurity => "보안 수준 부족",
        TlsAlert::CertificateRequired => "클라이언트 인증서 필요",
        TlsAlert::BadCertificate => "잘못된 인증서",
        TlsAlert::AccessDenied => "접근 거부",
        TlsAlert::UnrecognizedName => "알 수 없는 서버 이름",
        TlsAlert::NoApplicationProtocol => "지원하는 애플리케이션 프로토콜 없음",
        TlsAlert::InternalError => "내부 오류",
        TlsAlert::DecodeError => "해석 오류",
        TlsAlert::Number(number) => return format!("경고 {number}"),
        TlsAlert::Other(text) => text,
    };
    text.to_owned()
}

fn dns_ko(fault: &DnsFault) -> String {
    match fault {
        DnsFault::NoSuchName(name) => format!("DNS: {name} 이름이 없음"),
        DnsFault::NoAddress(name) => format!("DNS: {name}의 주소가 없음"),
        DnsFault::NotAName(name) => format!("DNS: {name}은(는) 조회할 수 없는 이름임"),
        DnsFault::Unreadable(name) => format!("DNS: {name}에 대한 서버의 응답을 읽을 수 없음"),
        DnsFault::Refused { name, code } => format!("DNS: {name}에 대해 서버가 {code}(으)로 응답함"),
    }
}

fn own_fault_ko(fault: &OwnFault) -> String {
    match fault {
        OwnFault::FileDescriptors => {
            "Drainboard의 파일 디스크립터가 부족함. 한도를 올리세요 (LimitNOFILE, ulimit -n)".to_owned()
        }
        OwnFault::LocalPorts => {
            "연결에 쓸 로컬 포트가 없음. 주소당 대상 수를 줄이거나 ip_local_port_range를 넓히세요".to_owned()
        }
        OwnFault::Memory => "시스템에 연결을 위한 메모리가 없음".to_owned(),
        OwnFault::NoNetwork => "이 기기에서 대상의 네트워크로 가는 경로가 없음".to_owned(),
        OwnFault::Firewall => "이 기기의 방화벽이 확인을 막음".to_owned(),
        OwnFault::Late { by_ms } => format!("Drainboard가 {by_ms}ms 늦어서 결과를 판단할 수 없음"),
        OwnFault::Overloaded => "동시에 진행 중인 확인이 너무 많음. 한도나 간격을 올리세요".to_owned(),
        OwnFault::Resolver => "답을 주는 DNS 서버가 없음".to_owned(),
        OwnFault::Other(text) => text.clone(),
    }
}
